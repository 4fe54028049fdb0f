using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Diff.Objects;

/// <summary>The object before and after the patch.</summary>
/// <param name="Original">Compiled from the kernel's own source.</param>
/// <param name="Patched">Compiled from the patched source.</param>
public sealed record ObjectPair(KernelObject Original, KernelObject Patched)
{
    /// <summary>Reads both sides; their file headers must agree.</summary>
    /// <returns>Null when a fatal diagnostic was added.</returns>
    public static ObjectPair? TryRead(
        ElfObject original,
        ElfObject patched,
        IArchitecture architecture,
        SpecialSectionCatalog catalog,
        DiagnosticBag diagnostics)
    {
        if (original.Header != patched.Header)
        {
            diagnostics.Add(DiffDiagnostics.HeadersDiffer.At(
                patched.Name, $"The file headers differ: {original.Header} before the patch, {patched.Header} after it."));
            return null;
        }

        var before = KernelObjectReader.TryRead(original, architecture, catalog, diagnostics);
        var after = before is null ? null : KernelObjectReader.TryRead(patched, architecture, catalog, diagnostics);
        return after is null ? null : new ObjectPair(before!, after);
    }
}
