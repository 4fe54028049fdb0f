using System.Globalization;
using LivePatch.Kernel;

namespace LivePatch.Module.PostLink;

/// <summary>
/// Name of a symbol between extraction and post-link: <c>.klp.pending.PATCHED.OBJECT.NAME,POS</c>. The linker cannot be
/// given SHN_LIVEPATCH symbols nor two RELA sections for one target, so references travel as ordinary relocations
/// against weak undefined symbols of this name, and post-link turns them into the kernel's form.
/// </summary>
/// <param name="PatchedObject">The object whose code refers to the symbol: "vmlinux" or a module.</param>
/// <param name="ObjectName">The object that defines it.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Sympos">Its position among equal names; 0 when unique.</param>
public sealed record PendingSymbolName(string PatchedObject, string ObjectName, string Name, uint Sympos)
{
    private const string Prefix = ".klp.pending.";

    /// <summary>The name, read back by <see cref="TryParse"/>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{PatchedObject}.{ObjectName}.{Name},{Sympos}");

    /// <summary>The kernel's name for the symbol: <c>.klp.sym.OBJECT.NAME,POS</c>
    /// (Documentation/livepatch/module-elf-format.rst, Linux 6.1).</summary>
    public string KlpName => string.Create(CultureInfo.InvariantCulture, $".klp.sym.{ObjectName}.{Name},{Sympos}");

    /// <summary>
    /// The object part of the relocation section. Symbols of vmlinux go under vmlinux even in code that patches a
    /// module: the kernel refuses them in a module's section (kernel/livepatch/core.c, klp_resolve_symbols, since 5.8).
    /// </summary>
    public string SectionObject => ObjectName == ModuleName.Vmlinux ? ModuleName.Vmlinux : PatchedObject;

    /// <summary>Reads a name; null when it is no pending symbol's.</summary>
    public static PendingSymbolName? TryParse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = text[Prefix.Length..].Split('.', 3);
        var comma = parts.Length == 3 ? parts[2].LastIndexOf(',') : -1;
        return comma > 0 && uint.TryParse(parts[2].AsSpan(comma + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sympos)
            ? new PendingSymbolName(parts[0], parts[1], parts[2][..comma], sympos)
            : null;
    }
}
