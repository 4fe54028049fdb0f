using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Module.Shipped;

/// <summary>
/// Tells whether a module file holds what its source compiles to.
///
/// The problem: nothing in a module says which source it was built from, but its srcversion, which many modules do not have
/// and which does not see compiler flags. So a changed object is compiled once more exactly as the module's own build does,
/// and each of its functions and variables is looked for in the module under its name: same size, same bytes, and the
/// same relocations against the same names and the same texts. A relocatable link copies code as it is, so nothing
/// else may differ. Paths in texts may: __FILE__ is where the module was built.
///
/// Limits: only the objects the patch touches are looked at; unnamed data is seen only as far as code refers to texts in it.
/// </summary>
/// <param name="shipped">The object compiled as the module's own.</param>
/// <param name="module">The module.</param>
/// <param name="architecture">The machine.</param>
public sealed class ShippedCodeCheck(ElfObject shipped, ElfObject module, IArchitecture architecture)
{
    private const int MostNames = 5;

    /// <summary>The finding (LP0365); null when the module holds the object.</summary>
    public Diagnostic? Find(string objectPath)
    {
        var differing =
            shipped.Symbols.Where(IsCompared).Where(symbol => !module.FindSymbols(symbol.Name).Any(there => IsSame(symbol, there)))
            .Select(static symbol => symbol.Name).Distinct().ToList();
        if (differing.Count == 0)
        {
            return null;
        }

        var absent = differing.Where(name => !module.FindSymbols(name).Any()).ToList();
        var list = string.Join(", ", differing.Take(MostNames))
            + (differing.Count > MostNames ? $" and {differing.Count - MostNames} more" : string.Empty);
        return ShippedDiagnostics.OtherSource.At(
            DiagnosticLocation.InSymbol(objectPath, differing[0]),
            absent.Count == differing.Count
                ? $"Compiled from the source given it has {list}, which {module.Name} does not have."
                : $"Compiled from the source given, {list} {(differing.Count == 1 ? "is" : "are")} not what {module.Name} holds.");
    }

    private static bool IsCompared(ElfSymbol symbol) =>
        symbol is { Section: { IsAllocated: true } section, Size: > 0, Type: ElfSymbolType.Function or ElfSymbolType.Object }
        && (section.IsCode || section.Name.StartsWith(".data", StringComparison.Ordinal) || section.Name.StartsWith(".rodata", StringComparison.Ordinal)
            || section.Name.StartsWith(".bss", StringComparison.Ordinal));

    private bool IsSame(ElfSymbol here, ElfSymbol there)
    {
        if (there.Section is not { } section || there.Size != here.Size || there.Type != here.Type || section.Type != here.Section!.Type)
        {
            return false;
        }

        if (section.Type == ElfConstants.ShtNobits)
        {
            return true;
        }

        return Bytes(here).SequenceEqual(Bytes(there)) && HasSameRelocations(here, there);
    }

    private static ReadOnlySpan<byte> Bytes(ElfSymbol symbol)
    {
        var data = symbol.Section!.Data.Span;
        return symbol.End <= (ulong)data.Length ? data[(int)symbol.Value..(int)symbol.End] : default;
    }

    private bool HasSameRelocations(ElfSymbol here, ElfSymbol there)
    {
        var ours = Relocations(here);
        var theirs = Relocations(there);
        return ours.Count == theirs.Count && ours.Zip(theirs).All(pair => IsSame(pair.First, here.Value, pair.Second, there.Value));
    }

    private static List<ElfRelocation> Relocations(ElfSymbol symbol) =>
        [
            .. symbol.Section!.Relocations.Where(relocation => relocation.Offset >= symbol.Value && relocation.Offset < symbol.End)
                .OrderBy(static relocation => relocation.Offset)];

    private bool IsSame(in ElfRelocation ours, ulong ourStart, in ElfRelocation theirs, ulong theirStart)
    {
        if (ours.Offset - ourStart != theirs.Offset - theirStart || !architecture.Relocations.AreEquivalent(ours.Type, theirs.Type))
        {
            return false;
        }

        if (ours.Symbol.Type != ElfSymbolType.Section && theirs.Symbol.Type != ElfSymbolType.Section
            && ours.Symbol.Name != theirs.Symbol.Name)
        {
            return false;
        }

        // The module linker script of newer kernels (7.2) puts texts and all other constants into one section, which is none of texts then.
        if (ours.Symbol.Section is not { IsStrings: true })
        {
            return theirs.Symbol.Section is not { IsStrings: true };
        }

        return Text(ours) is { } our && Text(theirs) is { } their && (our == their || IsSamePath(our, their));
    }

    /// <summary>The text a relocation leads to in read-only data; null when it leads elsewhere.</summary>
    private string? Text(in ElfRelocation relocation)
    {
        if (relocation.Symbol.Section is not { IsAllocated: true, IsCode: false } section || (section.Flags & ElfConstants.ShfWrite) != 0
            || architecture.Relocations.Find(relocation.Type) is null)
        {
            return null;
        }

        var at = architecture.Relocations.TargetOf(relocation, instructionEnd: null);
        var bytes = section.Data.Span;
        if (at < 0 || at >= bytes.Length)
        {
            return null;
        }

        var rest = bytes[(int)at..];
        var end = rest.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? rest : rest[..end]);
    }

    private static bool IsSamePath(string left, string right) =>
        left.Contains('/', StringComparison.Ordinal) && right.Contains('/', StringComparison.Ordinal)
            && Path.GetFileName(left) == Path.GetFileName(right);
}
