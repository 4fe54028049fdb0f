using LivePatch.Kernel.Architecture;

namespace LivePatch.Kbuild.Trees;

/// <summary>
/// Copies a kernel source, which may be one somebody built in, without what the build made out of it: objects are many
/// gigabytes, and half of one would look like a compiled file. On file systems that can, the copies share their blocks
/// with the originals (File.Copy asks for that first).
/// </summary>
internal static class SourceCopier
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Copies the directory; times and links are kept.</summary>
    /// <exception cref="IOException">The file system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The file system refuses.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void Copy(string from, string to, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Directory.CreateDirectory(to);
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos("*", Everything))
        {
            var target = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                if (!IsBuildResult(entry.Name))
                {
                    File.CreateSymbolicLink(target, link);
                }
            }
            else if (entry is DirectoryInfo)
            {
                if (entry.Name != ".git")
                {
                    Copy(entry.FullName, target, cancellationToken);
                }
            }
            else if (!IsBuildResult(entry.Name))
            {
                File.Copy(entry.FullName, target);
            }
        }
    }

    /// <summary>What Kbuild and the linker leave, and no source is called.</summary>
    internal static bool IsBuildResult(string name) =>
        Path.GetExtension(name) is ".o" or ".a" or ".ko" or ".mod" or ".cmd" or ".d" or ".dbg"
        || name.EndsWith(".mod.c", StringComparison.Ordinal)
        || name is "vmlinux" or "vmlinux.bin" or "vmlinux.bin.all" or "vmlinux.relocs" or "modules.order" or "modules.builtin" or "System.map" or "source"
        || Architectures.All.Any(architecture => Path.GetFileName(architecture.Image.BootImagePath) == name)
        || name.StartsWith(".tmp_", StringComparison.Ordinal)
        || name.StartsWith("vmlinux.bin.", StringComparison.Ordinal);
}
