using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Flow;

/// <summary>
/// Follows an address through code: where it is stored, compared, returned, passed on or written through.
///
/// A copy of a constant does all that the constant does as long as nobody keeps its address. Reading in place is most of what kernel code does
/// with tables, and the relocations alone cannot tell it from keeping: a loop over a table has its address in a register. So the code
/// of each function that refers to it is followed with a set of registers and stack slots that may hold the address, over all branches,
/// until nothing new is found. Functions of the object that get it as an argument are followed into, static ones that return it
/// back to their callers. Slots of the stack once written count for the whole function.
///
/// What is not clearly read in place counts as what it may be: the result errs towards finding a use. Two addresses derived from the
/// same one may be compared (a loop's end), and their difference is an index. Arithmetic other than adding and masking makes no address but a number,
/// which is another one for a copy (a hash, a page's number).
///
/// Limits: a called function outside the object is not looked into, and what it returns is taken not to be derived from its arguments; registers that only happen to
/// hold the address at a call count as passed.
/// </summary>
internal sealed class AddressFlow
{
    private const int Deepest = 6;
    private const int LongestStackArgument = 64;

    // What compilers call by themselves for a block of memory.
    private static readonly string[] BlockCopies = ["memcpy", "memmove", "__memcpy", "__memmove"];
    private static readonly string[] BlockFills = ["memset", "__memset"];

    private readonly KernelObject _side;
    private readonly Func<Reference, FlowTaint> _seed;
    private readonly CallConvention _calls;
    private readonly Dictionary<Atom, FlowUnit?> _units;
    private readonly List<AddressUse> _uses = [];
    private readonly HashSet<(AddressUseKind, Atom, ulong)> _said = [];
    private readonly Dictionary<(Atom, uint, uint), FlowTaint> _results = [];
    private readonly HashSet<Atom> _returning = [];

    private AddressFlow(KernelObject side, Func<Reference, FlowTaint> seed, Dictionary<Atom, FlowUnit?> units)
    {
        _side = side;
        _seed = seed;
        _calls = side.Architecture.Flow.Calls;
        _units = units;
    }

    /// <summary>What functions do with an address.</summary>
    /// <param name="side">The object.</param>
    /// <param name="functions">Those that refer to it.</param>
    /// <param name="seed">What a reference brings into being.</param>
    /// <param name="units">Decoded functions of the object, kept from one call to the next.</param>
    /// <param name="intoOthers">False to stay in these functions: what is passed on or returned is then only that.</param>
    public static IReadOnlyList<AddressUse> Of(
        KernelObject side, IEnumerable<Atom> functions, Func<Reference, FlowTaint> seed, Dictionary<Atom, FlowUnit?> units, bool intoOthers = true)
    {
        var flow = new AddressFlow(side, seed, units) { IntoOthers = intoOthers };
        foreach (var function in functions)
        {
            flow.Follow(function, 0, 0, 0);
        }

        flow.FollowResults();
        return flow._uses;
    }

    private bool IntoOthers { get; init; }

    private FlowUnit? UnitOf(Atom function)
    {
        if (!_units.TryGetValue(function, out var unit))
        {
            _units.Add(function, unit = FlowUnit.Of(function, _side.Architecture));
        }

        return unit;
    }

    /// <summary>Follows a function from its entry; what it may return.</summary>
    private FlowTaint Follow(Atom function, uint address, uint holder, int depth)
    {
        if (UnitOf(function) is not { } unit)
        {
            Say(AddressUseKind.Unknown, function, 0, "the disassembler does not know its code");
            return FlowTaint.None;
        }

        if (_results.TryGetValue((unit.Head, address, holder), out var known) || depth > Deepest)
        {
            return known;
        }

        _results[(unit.Head, address, holder)] = FlowTaint.None;
        var walk = new FlowWalk(this, unit, depth);
        var result = walk.Run(new FlowState(address, holder, 0, 0, null));
        _results[(unit.Head, address, holder)] = result;
        if ((result & FlowTaint.Address) != 0 && address == 0 && holder == 0)
        {
            _returning.Add(unit.Head);
        }

        return result;
    }

    /// <summary>A static function that is only called hands its result to its callers, which are all here.</summary>
    private void FollowResults()
    {
        var queue = new Queue<Atom>(_returning);
        var seen = new HashSet<Atom>(_returning);
        while (queue.TryDequeue(out var function))
        {
            var users = _side.ReferrersOf(function).Where(use => use.From.Kind != AtomKind.Attachment || use.From.Parent != function).ToList();
            if (!IntoOthers || function.IsGlobal || users.Any(use => use.From.Kind != AtomKind.Function || !_side.IsBranch(use.From, use.Reference)))
            {
                Say(AddressUseKind.Returned, function, 0, string.Empty);
                continue;
            }

            foreach (var caller in users.Select(static use => use.From).Distinct())
            {
                if (UnitOf(caller) is { } unit && new FlowWalk(this, unit, 0, _returning).Run(new FlowState(0, 0, 0, 0, null)) is var result
                    && (result & FlowTaint.Address) != 0 && seen.Add(unit.Head))
                {
                    _returning.Add(unit.Head);
                    queue.Enqueue(unit.Head);
                }
            }
        }
    }

    private void Say(AddressUseKind kind, Atom where, ulong offset, string instruction, string? other = null, int length = 0, bool isFirst = false)
    {
        if (_said.Add((kind, where, offset)))
        {
            _uses.Add(new AddressUse(kind, where, offset, instruction, other) { Length = length, IsFirstArgument = isFirst });
        }
    }

    /// <summary>One function, followed until nothing new is found.</summary>
    private sealed class FlowWalk(AddressFlow flow, FlowUnit unit, int depth, IReadOnlySet<Atom>? returning = null)
    {
        private readonly FlowState?[] _before = new FlowState?[unit.Code.Count];
        private readonly Dictionary<long, FlowTaint> _slots = [];
        private readonly HashSet<long> _pushed = [];
        private readonly Queue<int> _queue = new();
        private FlowTaint _result;
        private bool _hasNewSlot;

        public FlowTaint Run(FlowState entry)
        {
            if (unit.Entry < 0)
            {
                return FlowTaint.None;
            }

            do
            {
                // What was stored on the stack counts wherever it is loaded, so it starts again until that is all known.
                _hasNewSlot = false;
                Array.Clear(_before);
                Reach(unit.Entry, entry);
                while (_queue.TryDequeue(out var index))
                {
                    Step(index, _before[index]!.Value);
                }
            }
            while (_hasNewSlot);

            return _result;
        }

        private FlowTaint ResultOf(FlowState state) =>
            state.Of(flow._calls.Result)
            | (flow._side.FunctionOf(unit.Head) is { ReturnsStructure: true } ? state.Of(flow._calls.SecondResult) : FlowTaint.None);

        private void Reach(int index, FlowState state)
        {
            if (index < 0 || index >= unit.Code.Count)
            {
                return;
            }

            var joined = _before[index] is { } known ? known.Join(state) : state;
            if (_before[index] != joined)
            {
                _before[index] = joined;
                _queue.Enqueue(index);
            }
        }

        private void Step(int index, FlowState state)
        {
            var (atom, instruction) = unit.Code[index];
            var field = FieldOf(index);
            foreach (var way in unit.TableWays(index))
            {
                Reach(way, state);
            }

            switch (instruction.Operation)
            {
                case FlowOperation.Return:
                    _result |= ResultOf(state);
                    return;
                case FlowOperation.Jump:
                    Jump(index, state, field);
                    return;
                case FlowOperation.Branch:
                    if (instruction.JumpTarget is { } there)
                    {
                        Reach(unit.IndexAt(atom, there), state);
                    }
                    else if (field.Branch is { } branch)
                    {
                        if (unit.Index(branch) is >= 0 and var near)
                        {
                            Reach(near, state);
                        }
                        else
                        {
                            Call(index, state, field);
                        }
                    }

                    break;
                case FlowOperation.Call:
                    state = Call(index, state, field);
                    break;
                default:
                    state = Change(index, state, field);
                    break;
            }

            if (index + 1 < unit.Code.Count && unit.Code[index + 1].Atom == atom)
            {
                Reach(index + 1, state);
            }
        }

        /// <summary>What the relocated field of an instruction brings: to its memory operand, to its constant, or as the target of a branch.</summary>
        private FlowField FieldOf(int index)
        {
            var (atom, instruction) = unit.Code[index];
            FlowTaint memory = 0, constant = 0;
            Reference? branch = null;
            Atom? place = null;
            foreach (var reference in unit.References[index])
            {
                if (instruction.Operation is FlowOperation.Call or FlowOperation.Jump or FlowOperation.Branch && flow._side.IsBranch(atom, reference))
                {
                    branch = reference;
                    continue;
                }

                var taint = flow._seed(reference);
                if (instruction.Operation == FlowOperation.Address
                    || flow._side.Architecture.Instructions.IsMemoryOperand(
                        atom.Bytes.Slice((int)instruction.Offset, instruction.Length), (int)(reference.Offset - instruction.Offset)))
                {
                    memory |= taint;
                    place = reference.Target;
                }
                else
                {
                    constant |= taint;
                }
            }

            return new FlowField(memory, constant, branch, place);
        }

        private void Jump(int index, FlowState state, FlowField field)
        {
            var (atom, instruction) = unit.Code[index];
            if (instruction.JumpTarget is { } target)
            {
                Reach(unit.IndexAt(atom, target), state);
            }
            else if (field.Branch is { } branch && unit.Index(branch) is >= 0 and var near)
            {
                Reach(near, state);
            }
            else if (field.Branch is { Target: null } outside && flow._side.Architecture.Flow.IsReturnThunk(outside.Relocation.Symbol.Name))
            {
                _result |= ResultOf(state);
            }
            else
            {
                _result |= Call(index, state, field).Of(flow._calls.Result);
                foreach (var label in Labels())
                {
                    Reach(label, state);
                }
            }
        }

        /// <summary>Where data leads into this function: tables of a switch, labels whose address is taken.</summary>
        private IEnumerable<int> Labels() =>
            flow._side.ReferrersOf(unit.Head)
                .Where(use => use.From.Kind != AtomKind.Attachment && !flow._side.IsBranch(use.From, use.Reference))
                .Select(use => unit.Index(use.Reference))
                .Where(label => label >= 0 && label != unit.Entry);

        private FlowState Call(int index, FlowState state, FlowField field)
        {
            var callee = field.Branch?.Target is { Kind: AtomKind.Function } function ? function : null;
            var name = callee?.Name ?? (field.Branch is { Target: null } outside && !flow._side.Architecture.Flow.IsIndirectThunk(outside.Relocation.Symbol.Name) ? outside.Relocation.Symbol.Name : null);
            if (name is not null && callee is null && flow._side.Architecture.Flow.KeepsArguments(name))
            {
                return state;
            }

            uint address = 0, holder = 0;
            var passesStack = false;
            foreach (var register in flow._calls.Arguments)
            {
                var taint = state.Of(register);
                address |= (taint & FlowTaint.Address) != 0 ? 1u << register : 0;
                holder |= (taint & FlowTaint.Holder) != 0 ? 1u << register : 0;
                passesStack |= (taint & FlowTaint.Stack) != 0;
            }

            if (callee is null && name is not null && Array.Exists(BlockCopies, copy => copy == name))
            {
                var destination = state.Of(flow._calls.Arguments[0]);
                Copy(index, state, $"a call of {name}");
                return state.Without(flow._calls.Clobbered).With(flow._calls.Result, destination);
            }

            if (callee is null && name is not null && Array.Exists(BlockFills, fill => fill == name))
            {
                var destination = state.Of(flow._calls.Arguments[0]);
                if ((destination & FlowTaint.Address) != 0)
                {
                    Say(AddressUseKind.Written, index, text: $"a call of {name}");
                }

                return state.Without(flow._calls.Clobbered).With(flow._calls.Result, destination);
            }

            var isInStack = _slots.Any(slot => (slot.Value & FlowTaint.Address) != 0
                && (passesStack
                    || (_pushed.Contains(slot.Key) && slot.Key >= state.Depth && slot.Key < state.Depth + LongestStackArgument)));
            var result = FlowTaint.None;
            if (flow.IntoOthers && callee is not null && (address | holder) != 0 && !isInStack)
            {
                result = flow.Follow(callee, address, holder, depth + 1) & (FlowTaint.Address | FlowTaint.Holder);
            }
            else if (address != 0 || isInStack || (holder != 0 && callee is null))
            {
                var isFirst = (address & (1u << flow._calls.Arguments[0])) != 0;
                flow.Say(
                    AddressUseKind.Passed, unit.Code[index].Atom, unit.OffsetOf(index), unit.TextOf(index, flow._side.Architecture), name, isFirst: isFirst);
            }

            if (callee is not null && returning?.Contains(callee) == true)
            {
                result |= FlowTaint.Address;
            }

            return state.Without(flow._calls.Clobbered).With(flow._calls.Result, result);
        }

        private FlowState Change(int index, FlowState state, FlowField field)
        {
            var instruction = unit.Code[index].Instruction;
            var (target, source) = (instruction.Target, instruction.Source);
            switch (instruction.Operation)
            {
                case FlowOperation.Move:
                    var moved = Value(state, source, field) | Low(state, source);
                    return Adjust(state, instruction, Set(index, state, target, moved, field));
                case FlowOperation.Address:
                    var place = MemoryOf(state, source, field.Memory);
                    return Adjust(state, instruction, Set(index, state, target, place | (SlotOf(state, source) is null ? 0 : FlowTaint.Stack), field));
                case FlowOperation.Add or FlowOperation.Combine:
                    var both = Value(state, target, field) | Value(state, source, field);
                    return Adjust(state, instruction, Set(index, state, target, both, field));
                case FlowOperation.Difference:
                    var (left, right) = (Value(state, target, field), Value(state, source, field));
                    if ((right & FlowTaint.Address) != 0 && (left & FlowTaint.Address) == 0)
                    {
                        Say(AddressUseKind.Compared, index);
                    }

                    return Adjust(state, instruction, Set(index, state, target, (right & FlowTaint.Address) != 0 ? 0 : left, field));
                case FlowOperation.Compare:
                    CheckComparison(index, state, target, source, field);
                    return state;
                case FlowOperation.Number or FlowOperation.NumberOfBoth:
                    var operands = Value(state, source, field) | Low(state, source)
                        | (instruction.Operation == FlowOperation.NumberOfBoth
                            ? Value(state, target, field) | Low(state, target)
                            : FlowTaint.None);
                    if ((operands & FlowTaint.Address) != 0)
                    {
                        Say(AddressUseKind.Computed, index);
                    }

                    return Set(index, state, target, 0, field);
                case FlowOperation.Clear or FlowOperation.None:
                    Value(state, source, field);
                    return Set(index, state, target, 0, field);
                case FlowOperation.Exchange:
                    var (first, second) = (Value(state, target, field), Value(state, source, field));
                    return Set(index, Set(index, state, target, second, field), source, first, field);
                case FlowOperation.CompareExchange:
                    if ((state.Of(flow._calls.Result) & FlowTaint.Address) != 0)
                    {
                        Say(AddressUseKind.Compared, index);
                    }

                    return Set(index, state, target, Value(state, source, field), field).With(flow._calls.Result, 0);
                case FlowOperation.Push:
                    var pushed = Value(state, source, field);
                    state = state with { Depth = state.Depth - 8 };
                    _pushed.Add(state.Depth);
                    Keep(state.Depth, pushed);
                    return state;
                case FlowOperation.Pop:
                    var popped = _slots.GetValueOrDefault(state.Depth);
                    return Set(index, state with { Depth = state.Depth + 8 }, target, popped, field);
                case FlowOperation.Leave:
                    return state with { Depth = (state.Frame ?? state.Depth) + 8, Frame = null };
                case FlowOperation.CopyString:
                    Copy(index, state);
                    return state;
                case FlowOperation.StoreString:
                    var destination = state.Of(flow._calls.Arguments[0]);
                    if ((destination & FlowTaint.Address) != 0)
                    {
                        Say(AddressUseKind.Written, index);
                    }
                    else if ((destination & FlowTaint.Stack) == 0 && (state.Of(flow._calls.Result) & FlowTaint.Address) != 0)
                    {
                        Say(AddressUseKind.Stored, index);
                    }

                    return state;
                default:
                    return target.Kind == FlowOperandKind.None ? state : Set(index, state, target, Value(state, target, field) | Value(state, source, field), field);
            }
        }

        private void CheckComparison(int index, FlowState state, FlowOperand target, FlowOperand source, FlowField field)
        {
            var (left, right) = (Value(state, target, field) & FlowTaint.Address, Value(state, source, field) & FlowTaint.Address);
            if (left == right)
            {
                return;
            }

            // Plain numbers are no addresses: NULL, and errors in the place of pointers.
            var other = left == 0 ? target : source;
            if (other.Kind != FlowOperandKind.Constant)
            {
                Say(AddressUseKind.Compared, index);
            }
        }

        /// <summary>A block is copied: it may hold the address, or be what the address leads to.</summary>
        private void Copy(int index, FlowState state, string? text = null)
        {
            var (to, from) = (state.Of(flow._calls.Arguments[0]), state.Of(flow._calls.Arguments[1]));
            if ((to & FlowTaint.Address) != 0)
            {
                Say(AddressUseKind.Written, index, text: text);
            }

            // What lies where on the stack is not told apart: with the address in any slot it may be in the block.
            var isOnStack = (from & FlowTaint.Stack) != 0 && _slots.Values.Any(static taint => (taint & FlowTaint.Address) != 0);
            if ((from & FlowTaint.Holder) != 0 || (isOnStack && (to & FlowTaint.Stack) == 0))
            {
                if ((to & FlowTaint.Stack) != 0)
                {
                    // Somewhere on the stack, which is enough for what is asked of it.
                    Keep(long.MinValue, FlowTaint.Address);
                }
                else
                {
                    Say(AddressUseKind.Stored, index, text: text);
                }
            }
        }

        private FlowTaint MemoryOf(FlowState state, FlowOperand memory, FlowTaint field) =>
            field | (IsFrame(state, memory) ? 0 : state.Of(memory.Register) | state.Of(memory.Index));

        private bool IsFrame(FlowState state, FlowOperand memory) =>
            memory.Register == flow._calls.StackPointer || (memory.Register == flow._calls.FramePointer && state.Frame is not null);

        /// <summary>The stack slot a memory operand means, in bytes from the stack pointer at the entry; null for other memory.</summary>
        private long? SlotOf(FlowState state, FlowOperand memory) =>
            memory.Kind != FlowOperandKind.Memory || !IsFrame(state, memory) ? null
            : (memory.Register == flow._calls.StackPointer ? state.Depth : state.Frame!.Value) + memory.Value;

        private FlowTaint Value(FlowState state, FlowOperand operand, FlowField field)
        {
            switch (operand.Kind)
            {
                case FlowOperandKind.Register:
                    return operand.IsPointerWide ? state.Of(operand.Register) | (operand.Register == flow._calls.StackPointer ? FlowTaint.Stack : 0) : 0;
                case FlowOperandKind.Constant:
                    return field.Constant;
                case FlowOperandKind.Memory when SlotOf(state, operand) is { } slot:
                    return operand.IsPointerWide ? _slots.GetValueOrDefault(slot) : 0;
                case FlowOperandKind.Memory:
                    // A word of what holds the address may be the address, or that of what holds it.
                    return operand.IsPointerWide && (MemoryOf(state, operand, field.Memory) & FlowTaint.Holder) != 0 ? FlowTaint.Address | FlowTaint.Holder : 0;
                default:
                    return 0;
            }
        }

        /// <summary>What the lower part of a register has of an address: enough to make a number of it.</summary>
        private static FlowTaint Low(FlowState state, FlowOperand operand) =>
            operand is { Kind: FlowOperandKind.Register, IsPointerWide: false } ? state.Of(operand.Register) & FlowTaint.Address : 0;

        private FlowState Set(int index, FlowState state, FlowOperand target, FlowTaint taint, FlowField field)
        {
            switch (target.Kind)
            {
                case FlowOperandKind.Register:
                    return target.Register == flow._calls.StackPointer ? state : state.With(target.Register, target.IsPointerWide ? taint : 0);
                case FlowOperandKind.Memory when SlotOf(state, target) is { } slot:
                    Keep(slot, target.IsPointerWide ? taint : 0);
                    return state;
                case FlowOperandKind.Memory:
                    if ((MemoryOf(state, target, field.Memory) & FlowTaint.Address) != 0)
                    {
                        Say(AddressUseKind.Written, index, field.Place?.Name);
                    }

                    if ((taint & FlowTaint.Address) != 0 && target.IsPointerWide)
                    {
                        if ((state.Of(target.Register) & FlowTaint.Stack) != 0)
                        {
                            Keep(long.MinValue, taint);
                        }
                        else
                        {
                            Say(AddressUseKind.Stored, index, field.Place?.Name);
                        }
                    }

                    return state;
                default:
                    return state;
            }
        }

        /// <summary>What moves the stack and frame pointers.</summary>
        private FlowState Adjust(FlowState before, FlowInstruction instruction, FlowState after)
        {
            if (instruction.Target is { Kind: FlowOperandKind.Register, Register: var register } && register == flow._calls.StackPointer)
            {
                return instruction.Operation switch
                {
                    FlowOperation.Difference when instruction.Source.Kind == FlowOperandKind.Constant => after with { Depth = before.Depth - instruction.Source.Value },
                    FlowOperation.Add when instruction.Source.Kind == FlowOperandKind.Constant => after with { Depth = before.Depth + instruction.Source.Value },
                    FlowOperation.Address when SlotOf(before, instruction.Source) is { } slot => after with { Depth = slot },
                    FlowOperation.Move when before.Frame is { } frame && instruction.Source is { Kind: FlowOperandKind.Register } source && source.Register == flow._calls.FramePointer =>
                        after with { Depth = frame },
                    _ => after,
                };
            }

            return instruction.Target is not { Kind: FlowOperandKind.Register } target || target.Register != flow._calls.FramePointer ? after
                : instruction.Operation == FlowOperation.Move && instruction.Source is { Kind: FlowOperandKind.Register } from && from.Register == flow._calls.StackPointer
                    ? after with { Frame = before.Depth }
                : instruction.Operation == FlowOperation.Address && SlotOf(before, instruction.Source) is { } place ? after with { Frame = place }
                : after with { Frame = null };
        }

        private void Keep(long slot, FlowTaint taint)
        {
            var known = _slots.GetValueOrDefault(slot);
            if ((known | taint) != known)
            {
                _slots[slot] = known | taint;
                _hasNewSlot = true;
            }
        }

        private void Say(AddressUseKind kind, int index, string? other = null, string? text = null) =>
            flow.Say(
                kind, unit.Code[index].Atom, unit.OffsetOf(index), text ?? unit.TextOf(index, flow._side.Architecture), other,
                unit.Code[index].Instruction.Length);
    }
}
