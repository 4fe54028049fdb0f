using Iced.Intel;

namespace LivePatch.Kernel.Architecture.X64;

/// <summary>
/// What instructions do to addresses, from the operands as Iced decodes them. What is not classified here counts as possibly copying its
/// source into its target; what Iced does not know, and whose length follows from its encoding, has no operands at all and counts likewise.
/// </summary>
internal static class X64FlowDecoder
{
    /// <summary>The instructions; null when the code cannot be cut into instructions.</summary>
    public static List<FlowInstruction>? Decode(ReadOnlySpan<byte> code)
    {
        var result = new List<FlowInstruction>(code.Length / 4);
        var reader = new ByteArrayCodeReader(code.ToArray());
        var decoder = Decoder.Create(64, reader);
        while (reader.Position < code.Length)
        {
            var offset = reader.Position;
            decoder.IP = (ulong)offset;
            decoder.Decode(out var instruction);
            if (!instruction.IsInvalid)
            {
                result.Add(Classify(instruction));
                continue;
            }

            var length = X64InstructionLength.ByEncoding(code[offset..]);
            if (length == 0)
            {
                return null;
            }

            result.Add(new FlowInstruction((ulong)offset, length, FlowOperation.Unknown, FlowOperand.None, FlowOperand.None, null));
            reader.Position = offset + length;
        }

        return result;
    }

    private static FlowInstruction Classify(in Instruction instruction)
    {
        var isString = instruction.IsStringInstruction;
        var count = isString ? 0 : instruction.OpCount;
        var first = count > 0 ? Operand(instruction, 0) : FlowOperand.None;
        var second = count > 1 ? Operand(instruction, 1) : FlowOperand.None;
        var (operation, target, source) = isString ? MeaningOfString(instruction.Mnemonic) : Meaning(instruction.Mnemonic, count, first, second);
        ulong? jump = null;
        if (operation is FlowOperation.Call or FlowOperation.Jump or FlowOperation.Branch && source.Kind == FlowOperandKind.Constant)
        {
            // A displacement of zero stands for a relocation, and leads elsewhere.
            jump = (ulong)source.Value == instruction.NextIP ? null : (ulong)source.Value;
            source = FlowOperand.None;
        }

        return new FlowInstruction(instruction.IP, instruction.Length, operation, target, source, jump);
    }

    private static (FlowOperation Operation, FlowOperand Target, FlowOperand Source) MeaningOfString(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Movsb or Mnemonic.Movsw or Mnemonic.Movsd or Mnemonic.Movsq => (FlowOperation.CopyString, FlowOperand.None, FlowOperand.None),
        Mnemonic.Stosb or Mnemonic.Stosw or Mnemonic.Stosd or Mnemonic.Stosq => (FlowOperation.StoreString, FlowOperand.None, FlowOperand.None),

        // Numbers from a device are written to memory; the others only read it.
        Mnemonic.Insb or Mnemonic.Insw or Mnemonic.Insd => (FlowOperation.Unknown, FlowOperand.None, FlowOperand.None),
        _ => (FlowOperation.None, FlowOperand.None, FlowOperand.None),
    };

    private static (FlowOperation Operation, FlowOperand Target, FlowOperand Source) Meaning(Mnemonic mnemonic, int count, FlowOperand first, FlowOperand second)
    {
        switch (mnemonic)
        {
            case Mnemonic.Mov or Mnemonic.Movzx or Mnemonic.Movsx or Mnemonic.Movsxd or Mnemonic.Movnti or Mnemonic.Movbe:
                return (FlowOperation.Move, first, second);
            case Mnemonic.Lea:
                return (FlowOperation.Address, first, second);
            case Mnemonic.Xor or Mnemonic.Sub when first.Kind == FlowOperandKind.Register && first == second:
                return (FlowOperation.Clear, first, FlowOperand.None);
            case Mnemonic.Sub:
                return (FlowOperation.Difference, first, second);
            case Mnemonic.Add:
                return (FlowOperation.Add, first, second);
            case Mnemonic.Cmp:
                return (FlowOperation.Compare, first, second);
            case Mnemonic.Test:
                return (FlowOperation.None, FlowOperand.None, first.Kind == FlowOperandKind.Memory ? first : second);
            case Mnemonic.Xchg or Mnemonic.Xadd:
                return (FlowOperation.Exchange, first, second);
            case Mnemonic.Cmpxchg:
                return (FlowOperation.CompareExchange, first, second);
            case Mnemonic.Call:
                return (FlowOperation.Call, FlowOperand.None, first);
            case Mnemonic.Jmp:
                return (FlowOperation.Jump, FlowOperand.None, first);
            case Mnemonic.Ret or Mnemonic.Retf or Mnemonic.Iretq or Mnemonic.Sysretq or Mnemonic.Sysret:
                return (FlowOperation.Return, FlowOperand.None, FlowOperand.None);
            case Mnemonic.Ud2:
                // WARN goes on behind it, as far as this can tell.
                return (FlowOperation.Trap, FlowOperand.None, FlowOperand.None);
            case Mnemonic.Push:
                return (FlowOperation.Push, FlowOperand.None, first);
            case Mnemonic.Pop:
                return (FlowOperation.Pop, first, FlowOperand.None);
            case Mnemonic.Leave:
                return (FlowOperation.Leave, FlowOperand.None, FlowOperand.None);
            case Mnemonic.Mul or Mnemonic.Div or Mnemonic.Idiv:
            case Mnemonic.Imul when count == 1:
                // The other operand is the accumulator, where the result goes too.
                return (FlowOperation.NumberOfBoth, new FlowOperand(FlowOperandKind.Register, 0, IsPointerWide: true), first);
            case Mnemonic.Imul when count == 2:
                return (FlowOperation.NumberOfBoth, first, second);
            case Mnemonic.Imul or Mnemonic.Bsf or Mnemonic.Bsr or Mnemonic.Tzcnt or Mnemonic.Lzcnt or Mnemonic.Popcnt or Mnemonic.Rorx
                or Mnemonic.Shlx or Mnemonic.Shrx or Mnemonic.Sarx or Mnemonic.Mulx:
                return (FlowOperation.Number, first, second);
            case Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar or Mnemonic.Rol or Mnemonic.Ror or Mnemonic.Rcl or Mnemonic.Rcr
                or Mnemonic.Neg or Mnemonic.Not or Mnemonic.Bswap:
                return (FlowOperation.Number, first, first);
            case Mnemonic.Shld or Mnemonic.Shrd:
                return (FlowOperation.NumberOfBoth, first, second);
        }

        return IsBranch(mnemonic) ? (FlowOperation.Branch, FlowOperand.None, first)
            : IsCombining(mnemonic) ? (FlowOperation.Combine, first, second)
            : IsClearing(mnemonic) ? (FlowOperation.Clear, first, second)
            : OnlyReads(mnemonic) ? (FlowOperation.None, FlowOperand.None, first)
            : (FlowOperation.Unknown, first, second);
    }

    private static bool IsBranch(Mnemonic mnemonic) => mnemonic is
        Mnemonic.Ja or Mnemonic.Jae or Mnemonic.Jb or Mnemonic.Jbe or Mnemonic.Je or Mnemonic.Jne or Mnemonic.Jg or Mnemonic.Jge or Mnemonic.Jl
        or Mnemonic.Jle or Mnemonic.Jo or Mnemonic.Jno or Mnemonic.Jp or Mnemonic.Jnp or Mnemonic.Js or Mnemonic.Jns or Mnemonic.Jcxz
        or Mnemonic.Jecxz or Mnemonic.Jrcxz or Mnemonic.Loop or Mnemonic.Loope or Mnemonic.Loopne or Mnemonic.Xbegin;

    /// <summary>The target is what both were, combined, or what one of them was.</summary>
    private static bool IsCombining(Mnemonic mnemonic) => mnemonic is
        Mnemonic.Or or Mnemonic.And or Mnemonic.Xor or Mnemonic.Adc or Mnemonic.Sbb or Mnemonic.Inc or Mnemonic.Dec
        or Mnemonic.Btr or Mnemonic.Bts or Mnemonic.Btc
        or Mnemonic.Cmova or Mnemonic.Cmovae or Mnemonic.Cmovb or Mnemonic.Cmovbe or Mnemonic.Cmove or Mnemonic.Cmovne or Mnemonic.Cmovg
        or Mnemonic.Cmovge or Mnemonic.Cmovl or Mnemonic.Cmovle or Mnemonic.Cmovo or Mnemonic.Cmovno or Mnemonic.Cmovp or Mnemonic.Cmovnp
        or Mnemonic.Cmovs or Mnemonic.Cmovns;

    private static bool IsClearing(Mnemonic mnemonic) => mnemonic is
        Mnemonic.Rdrand or Mnemonic.Rdseed or Mnemonic.In
        or Mnemonic.Seta or Mnemonic.Setae or Mnemonic.Setb or Mnemonic.Setbe or Mnemonic.Sete or Mnemonic.Setne or Mnemonic.Setg or Mnemonic.Setge
        or Mnemonic.Setl or Mnemonic.Setle or Mnemonic.Seto or Mnemonic.Setno or Mnemonic.Setp or Mnemonic.Setnp or Mnemonic.Sets or Mnemonic.Setns;

    /// <summary>Instructions whose first operand is only read, or that have none.</summary>
    private static bool OnlyReads(Mnemonic mnemonic) => mnemonic is
        Mnemonic.Bt or Mnemonic.Nop or Mnemonic.Verw or Mnemonic.Verr or Mnemonic.Ltr or Mnemonic.Lldt
        or Mnemonic.Lgdt or Mnemonic.Lidt or Mnemonic.Lmsw or Mnemonic.Invlpg or Mnemonic.Clflush or Mnemonic.Clflushopt or Mnemonic.Clwb
        or Mnemonic.Fxrstor or Mnemonic.Fxrstor64 or Mnemonic.Xrstor or Mnemonic.Xrstor64 or Mnemonic.Xrstors or Mnemonic.Xrstors64
        or Mnemonic.Ldmxcsr or Mnemonic.Fldcw or Mnemonic.Invpcid or Mnemonic.Fnop or Mnemonic.Endbr64 or Mnemonic.Pause
        or Mnemonic.Lfence or Mnemonic.Mfence or Mnemonic.Sfence or Mnemonic.Cpuid or Mnemonic.Rdtsc or Mnemonic.Rdtscp or Mnemonic.Wrmsr
        or Mnemonic.Rdmsr or Mnemonic.Cli or Mnemonic.Sti or Mnemonic.Hlt or Mnemonic.Cld or Mnemonic.Std or Mnemonic.Swapgs or Mnemonic.Wbinvd
        or Mnemonic.Out or Mnemonic.Monitor or Mnemonic.Mwait or Mnemonic.Cqo or Mnemonic.Cdq or Mnemonic.Cwde or Mnemonic.Cdqe
        or Mnemonic.Clac or Mnemonic.Stac or Mnemonic.Rdpmc or Mnemonic.Int3
        or Mnemonic.Prefetch or Mnemonic.Prefetchw or Mnemonic.Prefetchwt1 or Mnemonic.Prefetchnta or Mnemonic.Prefetcht0 or Mnemonic.Prefetcht1
        or Mnemonic.Prefetcht2;

    private static FlowOperand Operand(in Instruction instruction, int index)
    {
        switch (instruction.GetOpKind(index))
        {
            case OpKind.Register:
                var register = instruction.GetOpRegister(index);
                return new FlowOperand(FlowOperandKind.Register, NumberOf(register), IsPointerWide: register.IsGPR64());
            case OpKind.Memory:
                var isRelative = instruction.IsIPRelativeMemoryOperand;
                var displacement = instruction.MemoryDisplacement64 - (isRelative ? instruction.NextIP : 0);

                // The per-cpu segment makes it another address than the registers say.
                var isPerCpu = instruction.MemorySegment == Register.GS;
                return new FlowOperand(
                    FlowOperandKind.Memory,
                    isPerCpu || isRelative ? -1 : NumberOf(instruction.MemoryBase),
                    isPerCpu ? -1 : NumberOf(instruction.MemoryIndex),
                    (long)displacement,
                    instruction.MemorySize.GetSize() == sizeof(ulong));
            case OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64:
                return new FlowOperand(FlowOperandKind.Constant, Value: (long)instruction.NearBranchTarget, IsPointerWide: true);
            case OpKind.Immediate8to32:
                return new FlowOperand(FlowOperandKind.Constant, Value: (uint)instruction.Immediate8to32, IsPointerWide: true);
            default:
                return new FlowOperand(FlowOperandKind.Constant, Value: (long)instruction.GetImmediate(index), IsPointerWide: true);
        }
    }

    /// <summary>A general register by the number encodings give it; -1 for others.</summary>
    private static int NumberOf(Register register) => register.IsGPR() ? register.GetFullRegister() - Register.RAX : -1;
}
