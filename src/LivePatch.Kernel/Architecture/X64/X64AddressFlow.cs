namespace LivePatch.Kernel.Architecture.X64;

/// <summary>Where addresses go in x86-64 code.</summary>
internal sealed class X64AddressFlow : IAddressFlow
{
    // System V ABI 3.2.3; rax 0, rcx 1, rdx 2, rbx 3, rsp 4, rbp 5, rsi 6, rdi 7, r8 to r15.
    public CallConvention Calls { get; } = new([7, 6, 2, 1, 8, 9], 0, 0b1111_1100_0111, 4, 5) { SecondResult = 2 };

    public IReadOnlyList<FlowInstruction>? Decode(ReadOnlySpan<byte> code) => X64FlowDecoder.Decode(code);

    // arch/x86/include/asm/nospec-branch.h, Linux 5.10 to 6.12.
    public bool IsReturnThunk(string symbol) => symbol is "__x86_return_thunk" or "retbleed_return_thunk" or "srso_return_thunk" or "its_return_thunk";

    public bool IsIndirectThunk(string symbol) => symbol.StartsWith("__x86_indirect_", StringComparison.Ordinal);

    // arch/x86/include/asm/{ftrace,uaccess,preempt}.h: called from inline assembly that names what it changes.
    public bool KeepsArguments(string symbol) =>
        symbol == X64FunctionEntry.Tracer || symbol.StartsWith("__get_user_", StringComparison.Ordinal) || symbol.StartsWith("__put_user_", StringComparison.Ordinal)
        || symbol is "preempt_schedule_thunk" or "preempt_schedule_notrace_thunk" or "__SCT__preempt_schedule" or "__SCT__preempt_schedule_notrace" or "__SCT__might_resched" or "__SCT__cond_resched";
}
