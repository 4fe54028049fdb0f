using System.Text;
using LivePatch.Core.IO;

namespace LivePatch.Kbuild.Trees;

/// <content>The manifests on disk.</content>
public sealed partial class TreeGuard
{
    private bool TryReadManifest()
    {
        if (!Directory.Exists(_root)
            || SealedFile.TryRead(Path.Combine(_directory, ManifestFile), $"{_name} {ManifestFile}", _damage.Add) is not { } bytes)
        {
            return false;
        }

        _manifest = TreeManifest.Parse(bytes.Span);
        return true;
    }

    private void WriteManifest(TreeManifest manifest)
    {
        _manifest = manifest;
        SealedFile.Write(Path.Combine(_directory, ManifestFile), $"{_name} {ManifestFile}", manifest.ToBytes());
    }

    private bool TryReadGenerated()
    {
        if (SealedFile.TryRead(Path.Combine(_directory, GeneratedFile), $"{_name} {GeneratedFile}", _damage.Add) is not { } bytes)
        {
            return false;
        }

        var end = bytes.Span.IndexOf((byte)'\n');
        Generation = Encoding.UTF8.GetString(bytes.Span[..end]);
        _generated = TreeManifest.Parse(bytes.Span[(end + 1)..]);
        return true;
    }

    private void WriteGenerated(TreeManifest generated)
    {
        _generated = generated;
        SealedFile.Write(
            Path.Combine(_directory, GeneratedFile),
            $"{_name} {GeneratedFile}",
            [.. Encoding.UTF8.GetBytes(Generation + "\n"), .. generated.ToBytes()]);
    }
}
