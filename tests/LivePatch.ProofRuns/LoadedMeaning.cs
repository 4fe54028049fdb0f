using System.Globalization;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.ProofRuns;

/// <summary>What a module's file comes to when it is loaded: bytes and addresses of every section, whatever symbols name them. Two files
/// with the same are the same module.</summary>
internal static class LoadedMeaning
{
    public static List<string> Of(ElfObject module, IArchitecture architecture)
    {
        var result = new List<string>();
        foreach (var section in module.Sections.Where(static section => section.IsAllocated && !section.IsRela && !ModuleBreaker
            .IsMetadata(section.Name)))
        {
            result.Add($"{section.Name} {section.Type} {section.Flags & 7} {Convert.ToHexString(section.Data.Span)}");
            foreach (var rela in section.RelocationSections)
            {
                foreach (var entry in rela.Entries)
                {
                    var symbol = entry.Symbol;
                    var target = symbol.Section is { } defined ? $"{defined.Index}+{(long)symbol.Value + entry.Addend}"
                        : $"{symbol.Name}{symbol.RawSectionIndex}+{(long)symbol.Value + entry.Addend}";
                    var type = architecture.Relocations.AreEquivalent(entry.Type, 4) ? 4 : entry.Type;
                    if (entry.Type != 0)
                    {
                        result.Add(string.Create(CultureInfo.InvariantCulture,
                            $"{section.Index}+{entry.Offset} {type} {target} {rela.Flags & 0x100002}"));
                    }
                }
            }
        }

        result.Sort(StringComparer.Ordinal);
        return result;
    }
}
