using LivePatch.Elf;
using LivePatch.Elf.Dwarf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Proof;

/// <summary>One patched object with what is looked up in it.</summary>
internal sealed class Part
{
    public Part(int index, ProofObject source, IProofTarget target)
    {
        Index = index;
        Source = source;
        Patched = new LoadedFile(source.Patched, target.Architecture);
        _original = new Lazy<LoadedFile>(() => new LoadedFile(source.Original, target.Architecture));
        _rows = new Lazy<TableRows>(() => new TableRows(Patched, target.Catalog));
        PatchedDebug = new DwarfObject(source.Patched);
        OriginalDebug = new DwarfObject(source.Original);
    }

    private readonly Lazy<LoadedFile> _original;
    private readonly Lazy<TableRows> _rows;

    public int Index { get; }

    public ProofObject Source { get; }

    public string Owner => Source.Owner;

    public LoadedFile Patched { get; }

    public LoadedFile Original => _original.Value;

    public TableRows Rows => _rows.Value;

    public DwarfObject PatchedDebug { get; }

    public DwarfObject OriginalDebug { get; }
}
