using LivePatch.Diff.Objects;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Flow;

/// <summary>
/// What of a function runs only when a question is answered one way.
///
/// A question is a place where the code goes on in one of two ways. What is reached in no other way than along one of them is that way's
/// own code; what is reached without it too, as everything behind the place where the ways meet, is not. So the function is walked once
/// as it is and once with the way closed, and the difference is what the answer decides. Loops and shared tails need no care of their own.
///
/// Why not look at the code in order from the question on: where it ends cannot be seen there. What follows a message may be
/// what comes in any case, or the work that is to be done once.
/// </summary>
internal sealed class GuardedCode
{
    private readonly KernelObject _side;
    private readonly FlowUnit _unit;
    private readonly List<int>[] _ways;
    private readonly bool _hasFrame;

    /// <summary>Reads the ways through a function.</summary>
    /// <param name="side">The object.</param>
    /// <param name="unit">The function, with its split-off parts.</param>
    public GuardedCode(KernelObject side, FlowUnit unit)
    {
        _side = side;
        _unit = unit;
        var labels = side.ReferrersOf(unit.Head)
            .Where(use => use.From.Kind != AtomKind.Attachment && !side.IsBranch(use.From, use.Reference))
            .Select(use => unit.Index(use.Reference)).Where(index => index >= 0 && index != unit.Entry).ToList();
        _ways = [.. Enumerable.Range(0, unit.Code.Count).Select(index => WaysFrom(index, labels))];
        var (stack, frame) = (side.Architecture.Flow.Calls.StackPointer, side.Architecture.Flow.Calls.FramePointer);
        _hasFrame = unit.Code.Any(item => item.Instruction is
        {
            Operation: FlowOperation.Move,
            Target: { Kind: FlowOperandKind.Register } target,
            Source: { Kind: FlowOperandKind.Register } source,
        } && target.Register == frame && source.Register == stack);
    }

    /// <summary>Where the code goes on behind an instruction; a branch has where it leads first.</summary>
    public IReadOnlyList<int> Ways(int index) => _ways[index];

    /// <summary>The next place from an instruction on where code goes on in one of two ways; -1 when something else comes first.</summary>
    /// <param name="index">The instruction.</param>
    /// <param name="farthest">How many instructions to look at.</param>
    public int QuestionFrom(int index, int farthest)
    {
        for (var step = 0; step < farthest; step++, index = _ways[index][0])
        {
            var operation = _unit.Code[index].Instruction.Operation;
            if (operation == FlowOperation.Branch && _ways[index].Count == 2)
            {
                return index;
            }

            if (operation == FlowOperation.Call || _ways[index].Count != 1)
            {
                return -1;
            }
        }

        return -1;
    }

    /// <summary>True when one place is reached from another along a way that passes none of some others.</summary>
    public bool Leads(int from, IReadOnlySet<int> to, IReadOnlySet<int> not) =>
        Walk(from, (_, next) => !not.Contains(next), not.Contains(from)).Any(to.Contains);

    /// <summary>What is reached in no other way than along one of these, or past one of these instructions.</summary>
    public IReadOnlyList<int> Only(IReadOnlySet<(int From, int To)> ways, IReadOnlySet<int> past)
    {
        var all = Walk(_unit.Entry, static (_, _) => true);
        var without = Walk(_unit.Entry, (from, to) => !ways.Contains((from, to)) && !past.Contains(to));
        return [.. all.Where(index => !without.Contains(index)).Order()];
    }

    /// <summary>All that is reached from some places.</summary>
    public IReadOnlySet<int> From(IEnumerable<int> places) => places.SelectMany(place => Walk(place, static (_, _) => true)).ToHashSet();

    /// <summary>What is reached on some ways and not on others, though it may be from elsewhere too: compilers join equal code.</summary>
    public IEnumerable<int> Beyond(IReadOnlyList<int> places, IReadOnlyList<int> others) => From(places).Except(From(others));

    /// <summary>What an instruction does, in a form that is equal for copies of it.</summary>
    public string Signature(int index) =>
        Callee(index) is { Length: > 0 } callee ? callee
        : _unit.TextOf(index, _side.Architecture) + ' ' + string.Join(
            ' ', _unit.References[index].Select(static item => item.Target?.Name ?? item.Relocation.Symbol.Name));

    /// <summary>The function outside that an instruction calls or goes on to; null for none, empty when it is not known.</summary>
    public string? Callee(int index)
    {
        var (atom, instruction) = _unit.Code[index];
        if (instruction.Operation is not (FlowOperation.Call or FlowOperation.Jump or FlowOperation.Branch))
        {
            return null;
        }

        if (BranchOf(index) is not { } branch)
        {
            return instruction.Operation == FlowOperation.Call || (instruction.JumpTarget is null && _ways[index].Count == 0)
                ? string.Empty
                : null;
        }

        var name = branch.Target?.Name ?? branch.Relocation.Symbol.Name;
        return _unit.Index(branch) >= 0 && instruction.Operation != FlowOperation.Call ? null
            : _side.Architecture.Flow.IsReturnThunk(name) ? null
            : name;
    }

    /// <summary>True when it writes memory other than the function's own stack.</summary>
    public bool Writes(int index)
    {
        var instruction = _unit.Code[index].Instruction;
        var calls = _side.Architecture.Flow.Calls;
        return instruction.Operation is FlowOperation.CopyString or FlowOperation.StoreString
            || (instruction.Target.Kind == FlowOperandKind.Memory
                && instruction.Operation is not (FlowOperation.Compare or FlowOperation.None)
                && instruction.Target.Register != calls.StackPointer && !(_hasFrame && instruction.Target.Register == calls.FramePointer))
            || (instruction.Operation == FlowOperation.Exchange && instruction.Source.Kind == FlowOperandKind.Memory);
    }

    /// <summary>The constant that is certain to be returned from this instruction on, because it sets it; null for others.</summary>
    public long? Returned(int index)
    {
        var result = _side.Architecture.Flow.Calls.Result;
        if (Constant(_unit.Code[index].Instruction, result) is not { } value)
        {
            return null;
        }

        for (var step = 0; step < _unit.Code.Count; step++)
        {
            if (_ways[index].Count != 1)
            {
                return _unit.Code[index].Instruction.Operation is FlowOperation.Return or FlowOperation.Jump ? value : null;
            }

            index = _ways[index][0];
            var instruction = _unit.Code[index].Instruction;
            if (instruction.Operation == FlowOperation.Call
                || (instruction.Target.Kind == FlowOperandKind.Register && instruction.Target.Register == result))
            {
                return null;
            }
        }

        return null;
    }

    private static long? Constant(FlowInstruction instruction, int register) =>
        instruction.Target.Kind != FlowOperandKind.Register || instruction.Target.Register != register ? null : instruction switch
        {
            { Operation: FlowOperation.Move, Source: { Kind: FlowOperandKind.Constant } source } => (int)source.Value,
            { Operation: FlowOperation.Clear, Source.Kind: FlowOperandKind.None } => 0,
            { Operation: FlowOperation.Combine, Source: { Kind: FlowOperandKind.Constant, Value: -1 } } => -1,
            _ => null,
        };

    private HashSet<int> Walk(int from, Func<int, int, bool> isOpen, bool isClosed = false)
    {
        var seen = new HashSet<int>();
        if (from < 0 || isClosed)
        {
            return seen;
        }

        var queue = new Queue<int>([from]);
        seen.Add(from);
        while (queue.TryDequeue(out var index))
        {
            foreach (var way in _ways[index])
            {
                if (isOpen(index, way) && seen.Add(way))
                {
                    queue.Enqueue(way);
                }
            }
        }

        return seen;
    }

    private List<int> WaysFrom(int index, List<int> labels)
    {
        var (atom, instruction) = _unit.Code[index];
        var result = new List<int>();
        var isJump = instruction.Operation is FlowOperation.Jump or FlowOperation.Branch;
        if (isJump)
        {
            var branch = BranchOf(index);
            var near = instruction.JumpTarget is { } target ? _unit.IndexAt(atom, target) : branch is { } place ? _unit.Index(place) : -1;
            if (near >= 0)
            {
                result.Add(near);
            }
            else if (instruction is { Operation: FlowOperation.Jump, JumpTarget: null }
                && (branch is not { } thunk || _side.Architecture.Flow.IsIndirectThunk(thunk.Relocation.Symbol.Name)))
            {
                result.AddRange(labels);
            }
        }

        if (instruction.Operation is not (FlowOperation.Jump or FlowOperation.Return or FlowOperation.Stop)
            && index + 1 < _unit.Code.Count && _unit.Code[index + 1].Atom == atom)
        {
            result.Add(index + 1);
        }

        result.AddRange(_unit.TableWays(index).Where(static way => way >= 0));
        return result;
    }

    private Reference? BranchOf(int index)
    {
        foreach (var reference in _unit.References[index])
        {
            if (_side.IsBranch(_unit.Code[index].Atom, reference))
            {
                return reference;
            }
        }

        return null;
    }
}
