using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;

namespace LivePatch.Boot.Modules;

/// <summary>What a module says about itself in <c>.modinfo</c>: NUL-separated <c>key=value</c> strings.</summary>
/// <param name="Name">Its name, as it appears in sysfs.</param>
/// <param name="Release">First word of vermagic: the release it is for.</param>
/// <param name="IsLivepatch">Whether it carries <c>livepatch=Y</c>.</param>
/// <param name="Depends">Modules that must be loaded first.</param>
internal sealed record ModuleIdentity(string? Name, string? Release, bool IsLivepatch, IReadOnlyList<string> Depends)
{
    /// <summary>Reads a module's <c>.modinfo</c>; null after the reason was reported.</summary>
    public static ModuleIdentity? TryRead(ReadOnlyMemory<byte> module, string path, DiagnosticBag diagnostics)
    {
        using var elf = ElfObject.TryRead(module, path, diagnostics);
        return elf is null ? null : Parse((elf.FindSection(".modinfo")?.Data ?? default).Span);
    }

    /// <summary>Reads the bytes of a <c>.modinfo</c> section.</summary>
    public static ModuleIdentity Parse(ReadOnlySpan<byte> modinfo)
    {
        string? name = null;
        string? release = null;
        var livepatch = false;
        string[] depends = [];
        foreach (var entry in Encoding.UTF8.GetString(modinfo).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                continue;
            }

            var value = entry[(equals + 1)..];
            switch (entry[..equals])
            {
                case "name":
                    name = value;
                    break;
                case "vermagic":
                    release = value.Split(' ')[0];
                    break;
                case "livepatch":
                    livepatch = value.StartsWith('Y');
                    break;
                case "depends":
                    depends = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
                    break;
            }
        }

        return new ModuleIdentity(name, release, livepatch, depends);
    }
}
