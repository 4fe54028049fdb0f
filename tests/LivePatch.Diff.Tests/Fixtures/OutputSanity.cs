using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>What holds for every extracted object, whatever the case.</summary>
public static class OutputSanity
{
    /// <summary>One line per fault; none where there is no object.</summary>
    public static IEnumerable<string> Check(ElfObject? output)
    {
        if (output is null)
        {
            yield break;
        }

        foreach (var symbol in output.Symbols.Skip(1).Where(static symbol => symbol.IsUndefined && symbol.Name.Length == 0))
        {
            yield return $"symbol {symbol.Index} has neither name nor section";
        }

        foreach (var section in output.Sections.Where(static section => section.Relocations.Count > 0))
        {
            foreach (var relocation in section.Relocations)
            {
                if (Fault(section, relocation) is { } fault)
                {
                    yield return $"{section.Name}+0x{relocation.Offset:x}: {fault}";
                }
            }
        }

        // objtool takes a jump to a function's symbol for one that leaves the function; an unlikely part belongs to it.
        foreach (var section in output.Sections.Where(static section => section.IsCode))
        {
            foreach (var relocation in section.Relocations.Where(static relocation => relocation.Symbol is { Type: ElfSymbolType.Function } symbol
                && symbol.Name.Contains(".cold", StringComparison.Ordinal)))
            {
                yield return $"{section.Name}+0x{relocation.Offset:x}: {relocation.Symbol.Name} is reached by its symbol and not by its "
                    + $"section";
            }
        }

        // Every entry of a list of sites must lead into code that is there.
        foreach (var section in output.Sections.Where(
            static section =>
                section.Name is "__mcount_loc" or "__bug_table" or "__jump_table" or ".altinstructions" or ".orc_unwind_ip"))
        {
            if (section.Relocations.Count == 0 && section.Size > 0)
            {
                yield return $"{section.Name} has entries that lead nowhere";
            }
        }

        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("output.o"), LivePatch.Elf.Writing.ElfObjectBuilder.From(output).ToArray());
        var linked = Tool.Run("ld", "-r", "-o", directory.File("linked.o"), directory.File("output.o"));
        if (!linked.Succeeded || linked.Error.Length > 0)
        {
            yield return $"ld -r: {linked.Error}";
        }
    }

    private static string? Fault(ElfSection section, in ElfRelocation relocation)
    {
        if (Architectures.X64.Relocations.Find(relocation.Type) is not { } kind)
        {
            return $"unknown relocation type {relocation.Type}";
        }

        if (section.Type != ElfConstants.ShtNobits && relocation.Offset + (ulong)kind.Width > section.Size)
        {
            return "the relocated field reaches beyond the section";
        }

        if (relocation.Symbol.Section is not { } target)
        {
            return relocation.Symbol.Index == 0 ? "no symbol" : null;
        }

        // A reference relative to the next instruction may be up to 12 bytes short of the address it means.
        var address = (long)relocation.Symbol.Value + relocation.Addend;
        return address < -4096 || address > (long)target.Size + 4096 ? $"it refers to {target.Name}+{address}, far outside" : null;
    }
}
