using System.Globalization;

namespace LivePatch.Kernel.Architecture.X64;

/// <summary>
/// Reads the disassembler's text (Intel syntax) for what instructions do to addresses. The text names every operand and its width in
/// one form for all encodings; what is not classified here counts as possibly copying its source into its target.
/// </summary>
internal static class X64FlowDecoder
{
    private static readonly string[] Legacy = ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di"];

    /// <summary>Instructions with a memory operand first that only read it.</summary>
    private static readonly HashSet<string> Readers = new(StringComparer.Ordinal)
    {
        "bt", "mul", "div", "idiv", "nop", "verw", "verr", "ltr", "lldt", "lgdt", "lidt", "lmsw", "invlpg", "clflush", "clflushopt", "clwb",
        "fxrstor", "fxrstor64", "xrstor", "xrstor64", "xrstors", "xrstors64", "ldmxcsr", "fldcw", "invpcid", "fnop", "endbr64", "pause",
        "lfence", "mfence", "sfence", "cpuid", "rdtsc", "rdtscp", "wrmsr", "rdmsr", "cli", "sti", "hlt", "cld", "std", "swapgs", "wbinvd",
        "out", "outsb", "monitor", "mwait", "cqo", "cdq", "cwde", "cdqe", "clac", "stac", "rdpmc", "int3",
    };

    private static readonly HashSet<string> Combining = new(StringComparer.Ordinal) { "or", "and", "xor", "adc", "sbb", "inc", "dec", "btr", "bts", "btc" };

    private static readonly HashSet<string> Clearing = new(StringComparer.Ordinal)
    {
        "imul", "shl", "sal", "shr", "sar", "rol", "ror", "rcl", "rcr", "shld", "shrd", "neg", "not", "bswap", "bsf", "bsr", "tzcnt", "lzcnt",
        "popcnt", "rdrand", "rdseed", "in", "mulx", "rorx", "shlx", "shrx", "sarx",
    };

    public static List<FlowInstruction>? Decode(ReadOnlySpan<byte> code, ulong[] ends, IInstructionDecoder decoder)
    {
        var result = new List<FlowInstruction>(ends.Length);
        var position = 0;
        foreach (var end in ends)
        {
            var bytes = code[position..(int)end];
            result.Add(decoder.TryDecode(bytes, 0, out var decoded) && decoded.Length == bytes.Length
                ? Classify(decoded, (ulong)position)
                : new FlowInstruction((ulong)position, bytes.Length, FlowOperation.Unknown, FlowOperand.None, FlowOperand.None, null, "(unknown instruction)"));
            position = (int)end;
        }

        return position == code.Length ? result : null;
    }

    private static FlowInstruction Classify(in DecodedInstruction decoded, ulong offset)
    {
        var mnemonic = decoded.Mnemonic;
        foreach (var prefix in (ReadOnlySpan<string>)["lock ", "notrack ", "bnd ", "data16 "])
        {
            mnemonic = mnemonic.StartsWith(prefix, StringComparison.Ordinal) ? mnemonic[prefix.Length..] : mnemonic;
        }

        var operands = decoded.Operands.Length == 0 ? [] : decoded.Operands.Split(", ", StringSplitOptions.TrimEntries);
        var first = operands.Length > 0 ? Operand(operands[0]) : FlowOperand.None;
        var second = operands.Length > 1 ? Operand(operands[1]) : FlowOperand.None;
        var (operation, target, source) = Meaning(mnemonic, operands.Length, first, second);
        ulong? jump = null;
        if (operation is FlowOperation.Call or FlowOperation.Jump or FlowOperation.Branch && source.Kind == FlowOperandKind.Constant)
        {
            // A displacement of zero stands for a relocation, and leads elsewhere.
            jump = source.Value == decoded.Length ? null : (ulong)((long)offset + source.Value);
            source = FlowOperand.None;
        }

        return new FlowInstruction(offset, decoded.Length, operation, target, source, jump, decoded.ToString());
    }

    private static (FlowOperation Operation, FlowOperand Target, FlowOperand Source) Meaning(string mnemonic, int count, FlowOperand first, FlowOperand second)
    {
        switch (mnemonic)
        {
            case "mov" or "movabs" or "movzx" or "movsx" or "movsxd" or "movnti" or "movbe" when count == 2:
                return (FlowOperation.Move, first, second);
            case "lea":
                return (FlowOperation.Address, first, second);
            case "xor" or "sub" when first.Kind == FlowOperandKind.Register && first == second:
                return (FlowOperation.Clear, first, FlowOperand.None);
            case "sub":
                return (FlowOperation.Difference, first, second);
            case "add":
                return (FlowOperation.Add, first, second);
            case "cmp":
                return (FlowOperation.Compare, first, second);
            case "test":
                return (FlowOperation.None, FlowOperand.None, first.Kind == FlowOperandKind.Memory ? first : second);
            case "xchg" or "xadd":
                return (FlowOperation.Exchange, first, second);
            case "cmpxchg":
                return (FlowOperation.CompareExchange, first, second);
            case "call":
                return (FlowOperation.Call, FlowOperand.None, first);
            case "jmp":
                return (FlowOperation.Jump, FlowOperand.None, first);
            case "ret" or "retf" or "retfq" or "iretq" or "sysretq" or "sysret":
                return (FlowOperation.Return, FlowOperand.None, FlowOperand.None);
            case "ud2":
                // WARN goes on behind it, as far as this can tell.
                return (FlowOperation.None, FlowOperand.None, FlowOperand.None);
            case "push":
                return (FlowOperation.Push, FlowOperand.None, first);
            case "pop":
                return (FlowOperation.Pop, first, FlowOperand.None);
            case "leave":
                return (FlowOperation.Leave, FlowOperand.None, FlowOperand.None);
            case "imul" when count == 1:
                return (FlowOperation.None, FlowOperand.None, first);
        }

        if (mnemonic.Contains("movs", StringComparison.Ordinal)
            && (mnemonic.StartsWith("rep", StringComparison.Ordinal) || mnemonic is "movsb" or "movsw" or "movsd" or "movsq"))
        {
            return (FlowOperation.CopyString, FlowOperand.None, FlowOperand.None);
        }

        if (mnemonic.Contains("stos", StringComparison.Ordinal))
        {
            return (FlowOperation.StoreString, FlowOperand.None, FlowOperand.None);
        }

        if (mnemonic.Contains("cmps", StringComparison.Ordinal) || mnemonic.Contains("scas", StringComparison.Ordinal) || mnemonic.Contains("lods", StringComparison.Ordinal))
        {
            return (FlowOperation.None, FlowOperand.None, FlowOperand.None);
        }

        if (mnemonic[0] == 'j' || mnemonic.StartsWith("loop", StringComparison.Ordinal) || mnemonic is "xbegin")
        {
            return (FlowOperation.Branch, FlowOperand.None, first);
        }

        if (mnemonic.StartsWith("cmov", StringComparison.Ordinal) || Combining.Contains(mnemonic))
        {
            return (FlowOperation.Combine, first, second);
        }

        if (Clearing.Contains(mnemonic) || mnemonic.StartsWith("set", StringComparison.Ordinal))
        {
            return (FlowOperation.Clear, first, second);
        }

        return Readers.Contains(mnemonic) || mnemonic.StartsWith("prefetch", StringComparison.Ordinal)
            ? (FlowOperation.None, FlowOperand.None, first)
            : (FlowOperation.Unknown, first, second);
    }

    private static FlowOperand Operand(string text)
    {
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        if (bracket >= 0)
        {
            return Memory(
                text[(bracket + 1)..text.IndexOf(']', StringComparison.Ordinal)],
                text.StartsWith("qword", StringComparison.Ordinal),
                text[..bracket].Contains("gs:", StringComparison.Ordinal));
        }

        return RegisterOf(text) is { } register ? new FlowOperand(FlowOperandKind.Register, register.Number, IsPointerWide: register.IsWide)
            : TryNumber(text, out var value) ? new FlowOperand(FlowOperandKind.Constant, Value: value, IsPointerWide: true)
            : new FlowOperand(FlowOperandKind.Register);
    }

    private static FlowOperand Memory(string inside, bool isWide, bool isPerCpu)
    {
        int register = -1, index = -1;
        var displacement = 0L;
        var sign = 1;
        foreach (var part in inside.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part is "+" or "-")
            {
                sign = part == "-" ? -1 : 1;
            }
            else if (TryNumber(part, out var number))
            {
                displacement += sign * number;
            }
            else if (part.Split('*') is [var scaled, _])
            {
                index = RegisterOf(scaled)?.Number ?? -1;
            }
            else if (RegisterOf(part) is { } found)
            {
                (register, index) = register < 0 ? (found.Number, index) : (register, found.Number);
            }
        }

        // The per-cpu segment makes it another address than the registers say.
        return new FlowOperand(FlowOperandKind.Memory, isPerCpu ? -1 : register, isPerCpu ? -1 : index, displacement, isWide);
    }

    private static bool TryNumber(string text, out long value)
    {
        var isNegative = text.StartsWith('-');
        var digits = isNegative ? text[1..] : text;
        value = 0;
        var known = digits.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(digits.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        value = isNegative ? -(long)number : (long)number;
        return known;
    }

    private static (int Number, bool IsWide)? RegisterOf(string name)
    {
        if (name.Length >= 2 && name[0] == 'r' && char.IsAsciiDigit(name[1]))
        {
            var digits = name[1..].TrimEnd('d', 'w', 'b');
            return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 8 and <= 15
                ? (number, digits.Length == name.Length - 1)
                : null;
        }

        var isWide = name.Length == 3 && name[0] == 'r';
        var core = name.Length == 3 && name[0] is 'r' or 'e' ? name[1..] : name;
        var legacy = Array.IndexOf(Legacy, core);
        if (legacy >= 0)
        {
            return (legacy, isWide);
        }

        legacy = name switch
        {
            "al" or "ah" => 0,
            "cl" or "ch" => 1,
            "dl" or "dh" => 2,
            "bl" or "bh" => 3,
            "spl" => 4,
            "bpl" => 5,
            "sil" => 6,
            "dil" => 7,
            _ => -1,
        };
        return legacy < 0 ? null : (legacy, false);
    }
}
