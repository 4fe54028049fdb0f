using LivePatch.Diff.Objects;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Flow;

/// <summary>A function with its split-off parts, as one list of instructions with the ways between them.</summary>
internal sealed class FlowUnit
{
    private readonly Dictionary<(Atom, ulong), int> _byPlace = [];
    private readonly ILookup<int, int> _tableWays;

    private FlowUnit(Atom head, IReadOnlyList<(Atom Atom, FlowInstruction Instruction)> code, IReadOnlyList<IReadOnlyList<Reference>> references)
    {
        Head = head;
        Code = code;
        References = references;
        for (var index = 0; index < code.Count; index++)
        {
            _byPlace[(code[index].Atom, code[index].Instruction.Offset)] = index;
        }

        _tableWays = code.Select(static item => item.Atom).Distinct().SelectMany(static atom => atom.Attachments)
            .SelectMany(entry => Ways([.. entry.References.Select(Index).Where(static index => index >= 0)]))
            .ToLookup(static way => way.From, static way => way.To);
    }

    /// <summary>The function.</summary>
    public Atom Head { get; }

    /// <summary>Its instructions, and those of its parts.</summary>
    public IReadOnlyList<(Atom Atom, FlowInstruction Instruction)> Code { get; }

    /// <summary>What each instruction refers to.</summary>
    public IReadOnlyList<IReadOnlyList<Reference>> References { get; }

    /// <summary>Where it is entered.</summary>
    public int Entry => IndexAt(Head, Head.EntryOffset);

    /// <summary>Null when the code cannot be cut into instructions.</summary>
    public static FlowUnit? Of(Atom function, IArchitecture architecture)
    {
        var head = function;
        while (SymbolName.IsCold(head.Name) && head.Parent is { } parent)
        {
            head = parent;
        }

        var code = new List<(Atom, FlowInstruction)>();
        var references = new List<IReadOnlyList<Reference>>();
        foreach (var atom in (Atom[])[head, .. head.Parts.Where(static part => SymbolName.IsCold(part.Name))])
        {
            if (architecture.Flow.Decode(atom.Bytes) is not { } instructions)
            {
                return null;
            }

            var next = 0;
            foreach (var instruction in instructions)
            {
                List<Reference>? own = null;
                for (; next < atom.References.Count && atom.References[next].Offset < instruction.Offset + (ulong)instruction.Length; next++)
                {
                    (own ??= []).Add(atom.References[next]);
                }

                code.Add((atom, instruction));
                references.Add(own ?? (IReadOnlyList<Reference>)[]);
            }
        }

        return new FlowUnit(head, code, references);
    }

    /// <summary>An instruction as a disassembler writes it.</summary>
    public string TextOf(int index, IArchitecture architecture)
    {
        var (atom, instruction) = Code[index];
        return architecture.Instructions.Decoder.TextOf(atom.Bytes.Slice((int)instruction.Offset, instruction.Length));
    }

    /// <summary>The instruction at an offset of a function or part; -1 when there is none.</summary>
    public int IndexAt(Atom atom, ulong offset) => _byPlace.GetValueOrDefault((atom, offset), -1);

    /// <summary>The instruction a reference leads to; -1 when that is elsewhere.</summary>
    public int Index(Reference reference) =>
        reference is { Target: { Kind: AtomKind.Function } target, TargetOffset: >= 0 } ? IndexAt(target, (ulong)reference.TargetOffset) : -1;

    /// <summary>Where special tables let the code go on from an instruction: jump labels, repairs of faults.</summary>
    public IEnumerable<int> TableWays(int index) => _tableWays[index];

    /// <summary>Offset of an instruction from the symbol of the atom it is in.</summary>
    public ulong OffsetOf(int index) =>
        Code[index].Instruction.Offset - Code[index].Atom.EntryOffset;

    private static IEnumerable<(int From, int To)> Ways(int[] places) => places.Skip(1).Select(to => (places[0], to));
}
