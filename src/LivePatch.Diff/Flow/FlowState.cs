namespace LivePatch.Diff.Flow;

/// <summary>What the registers may hold before an instruction.</summary>
/// <param name="Address">A bit for each register that may hold the address.</param>
/// <param name="Holder">Likewise for a holder's address.</param>
/// <param name="Stack">Likewise for an address in the stack frame.</param>
/// <param name="Depth">The stack pointer, in bytes from where it was at the entry.</param>
/// <param name="Frame">The frame pointer in the same measure; null when it is no frame pointer.</param>
internal readonly record struct FlowState(uint Address, uint Holder, uint Stack, long Depth, long? Frame)
{
    public FlowTaint Of(int register) =>
        register < 0
            ? FlowTaint.None
            : (
                (Address >> register & 1) != 0
                    ? FlowTaint.Address
                    : 0) | ((Holder >> register & 1) != 0
                    ? FlowTaint.Holder
                    : 0) | ((Stack >> register & 1) != 0
                    ? FlowTaint.Stack
                    : 0);

    public FlowState With(int register, FlowTaint taint)
    {
        if (register < 0)
        {
            return this;
        }

        var bit = 1u << register;
        return this with
        {
            Address = (taint & FlowTaint.Address) != 0 ? Address | bit : Address & ~bit,
            Holder = (taint & FlowTaint.Holder) != 0 ? Holder | bit : Holder & ~bit,
            Stack = (taint & FlowTaint.Stack) != 0 ? Stack | bit : Stack & ~bit,
        };
    }

    public FlowState Without(uint registers) =>
        this with { Address = Address & ~registers, Holder = Holder & ~registers, Stack = Stack & ~registers };

    /// <summary>What holds where two ways meet.</summary>
    public FlowState Join(FlowState other) => this with
    {
        Address = Address | other.Address,
        Holder = Holder | other.Holder,
        Stack = Stack | other.Stack,
        Frame = Frame == other.Frame ? Frame : null,
    };
}
