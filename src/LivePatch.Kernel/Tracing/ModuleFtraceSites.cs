using LivePatch.Elf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Kernel.Tracing;

/// <summary>
/// The call sites ftrace can hook in a module file (<c>.ko</c>) or object: the relocations of its site tables say
/// where they are, since a relocatable file has no addresses.
/// </summary>
public sealed class ModuleFtraceSites
{
    /// <summary>The tables of sites: <c>-mrecord-mcount</c> and recordmcount, and <c>-fpatchable-function-entry</c>.</summary>
    private static readonly string[] TableNames = ["__mcount_loc", "__patchable_function_entries"];

    private readonly HashSet<(int Section, ulong Offset)> _sites;
    private readonly IArchitecture _architecture;

    private ModuleFtraceSites(HashSet<(int Section, ulong Offset)> sites, IArchitecture architecture)
    {
        _sites = sites;
        _architecture = architecture;
    }

    /// <summary>Number of sites.</summary>
    public int Count => _sites.Count;

    /// <summary>Reads the sites of a relocatable file; there may be none.</summary>
    public static ModuleFtraceSites FromModule(ElfObject module, IArchitecture architecture)
    {
        var sites = new HashSet<(int Section, ulong Offset)>();
        foreach (var table in module.Sections.Where(static section => TableNames.Contains(section.Name)))
        {
            foreach (var relocation in table.Relocations)
            {
                if (relocation.Symbol.Section is { } section && relocation.Type == architecture.Relocations.Address)
                {
                    sites.Add((section.Index, relocation.Symbol.Value + (ulong)relocation.Addend));
                }
            }
        }

        return new ModuleFtraceSites(sites, architecture);
    }

    /// <summary>True when a site lies at exactly that offset of a section.</summary>
    public bool Contains(ElfSection section, ulong offset) => _sites.Contains((section.Index, offset));

    /// <summary>True when the function can be replaced: its site is at its entry, behind the landing pad when it begins
    /// with one.</summary>
    public bool IsTraceable(ElfSymbol function)
    {
        if (function.Section is not { } section || function.Value > (ulong)section.Data.Length)
        {
            return false;
        }

        var start = section.Data.Span[(int)function.Value..];
        return Contains(section, function.Value + (ulong)_architecture.Entry.SiteOffset(start));
    }
}
