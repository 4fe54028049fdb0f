using LivePatch.Elf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Kernel.Tracing;

/// <summary>
/// Functions whose landing pads the kernel removes, since nothing in the whole of vmlinux, or in the module, takes their address. An
/// indirect call to one faults on machines that track indirect branches. The image and the module file, as they are before that, still
/// have the pads: only the table tells. Empty for kernels without such a table.
/// </summary>
public sealed class SealedFunctions
{
    private const int EntrySize = 4;

    private readonly HashSet<(string? Section, ulong Address)> _pads;

    private SealedFunctions(HashSet<(string? Section, ulong Address)> pads) => _pads = pads;

    /// <summary>Number of landing pads that go.</summary>
    public int Count => _pads.Count;

    /// <summary>Reads the table of a linked kernel.</summary>
    public static SealedFunctions FromImage(ElfObject vmlinux, IArchitecture architecture)
    {
        var pads = new HashSet<(string? Section, ulong Address)>();
        if (architecture.Tables.LandingPadRemovals is { } name && vmlinux.FindSection(name) is { } table)
        {
            var entries = table.Data.Span;
            for (var offset = 0; offset + EntrySize <= entries.Length; offset += EntrySize)
            {
                pads.Add((null, table.Address + (ulong)offset + (ulong)(long)table.Order.ReadInt32(entries[offset..])));
            }
        }

        return new SealedFunctions(pads);
    }

    /// <summary>Reads the table of a module file, in which relocations tell the pads.</summary>
    public static SealedFunctions FromModule(ElfObject module, IArchitecture architecture)
    {
        var pads = new HashSet<(string? Section, ulong Address)>();
        foreach (var relocation in module.Sections.Where(section => section.Name == architecture.Tables.LandingPadRemovals)
            .SelectMany(static table => table.Relocations))
        {
            if (relocation.Symbol.Section is { } section)
            {
                pads.Add((section.Name, relocation.Symbol.Value + (ulong)relocation.Addend));
            }
        }

        return new SealedFunctions(pads);
    }

    /// <summary>True when the landing pad of a function goes.</summary>
    /// <param name="address">Link address in vmlinux; offset in <paramref name="section"/> in a module.</param>
    /// <param name="section">The section of the module file; null for vmlinux.</param>
    public bool Contains(ulong address, string? section) => _pads.Contains((section, address));
}
