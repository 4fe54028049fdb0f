using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Objects;

/// <summary>
/// Tells from code whether a once flag or a rate limit guards a message and nothing else.
///
/// WARN_ONCE, printk_once and their kin store to the flag and call the function that prints; a rate limited message calls it
/// when the rate limit says yes. So the first call behind the store, or behind the question on one of the two ways from there, is looked at. Calls
/// that only name a device for the message are passed over. Where anything else is called first the answer is no, which is safe: the variable
/// counts as any other.
/// </summary>
internal sealed class MessageGuard(KernelObject side)
{
    private const int Farthest = 64;

    // The callees that print and do nothing else, by what their names are made of: _printk, __warn_printk, _printk_deferred, trace_printk,
    // _dev_warn, netdev_err, ibdev_err, __dynamic_pr_debug.
    private static readonly string[] Levels = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "dbg"];

    // What is called for an argument of a message and changes nothing (include/linux/device.h, netdevice.h, uidgid.h, jiffies.h, pid.h).
    // netdev_name looks for a '%' in the name.
    private static readonly string[] Arguments =
    [
        "dev_driver_string", "dev_name", "netdev_name", "netdev_reg_state", "netdev_drivername", "kobject_name", "strchr", "strrchr", "strlen",
        "from_kuid", "from_kgid", "from_kuid_munged", "from_kgid_munged", "jiffies_to_msecs", "jiffies_to_usecs", "__task_pid_nr_ns", "errname",
    ];

    private readonly Dictionary<Atom, IReadOnlyList<ArgumentInstruction>> _code = [];

    /// <summary>True when every store to the flag is followed by a message.</summary>
    public bool IsFlagOfMessage(Atom flag)
    {
        var stores = 0;
        foreach (var (from, reference) in side.ReferrersOf(flag))
        {
            if (from.Kind != AtomKind.Function || IndexOf(from, reference.Offset) is not (>= 0 and var index))
            {
                return false;
            }

            if (CodeOf(from)[index].IsStore)
            {
                stores++;
                if (!PrintsFrom(from, index + 1))
                {
                    return false;
                }
            }
        }

        return stores > 0;
    }

    /// <summary>True when every question to the rate limit decides about a message.</summary>
    public bool IsRateLimitOfMessage(Atom state)
    {
        var uses = side.ReferrersOf(state).Where(static use => use.From.Kind != AtomKind.Attachment).ToList();
        return uses.Count > 0 && uses.TrueForAll(use => use.From.Kind == AtomKind.Function && Limits(use.From, use.Reference.Offset));
    }

    private bool Limits(Atom function, ulong offset)
    {
        var code = CodeOf(function);
        var index = IndexOf(function, offset);
        while (index >= 0 && index < code.Count && !code[index].IsCall)
        {
            index = Next(code, index);
        }

        if (index < 0 || index >= code.Count || Callee(function, code[index]) != "___ratelimit")
        {
            return false;
        }

        // A test of the result and a jump, which may lead into the cold part.
        for (var step = 0; step < 8 && ++index < code.Count; step++)
        {
            if (code[index].IsCall)
            {
                return false;
            }

            if (code[index].EndsBlock)
            {
                return PrintsFrom(function, index + 1) || PrintsAt(function, code[index]);
            }
        }

        return false;
    }

    /// <summary>True when the jump's target prints.</summary>
    private bool PrintsAt(Atom function, ArgumentInstruction jump)
    {
        if (TargetIn(function, jump) is { } other)
        {
            return PrintsFrom(other.Function, other.Index);
        }

        return jump.BranchTarget is { } offset && IndexOf(function, offset) is >= 0 and var index && PrintsFrom(function, index);
    }

    /// <summary>Where a jump goes that leads to another part of the function, mostly the unlikely one.</summary>
    private (Atom Function, int Index)? TargetIn(Atom function, ArgumentInstruction jump) =>
        ReferenceIn(function, jump) is { Target: { Kind: AtomKind.Function } target, TargetOffset: >= 0 and var place }
            && (target.Parent ?? target) == (function.Parent ?? function) && IndexOf(target, (ulong)place) is >= 0 and var index
            ? (target, index)
            : null;

    private bool PrintsFrom(Atom function, int index)
    {
        var code = CodeOf(function);
        for (var step = 0; step < Farthest && index >= 0 && index < code.Count; step++)
        {
            if (code[index].IsTrap)
            {
                return true;
            }

            // gcc jumps over a jump into the unlikely part.
            if (code[index].IsJump && TargetIn(function, code[index]) is { } part)
            {
                (function, index) = part;
                code = CodeOf(function);
                continue;
            }

            if (code[index].IsCall)
            {
                if (Callee(function, code[index]) is not { } name || !Array.Exists(Arguments, argument => argument == name))
                {
                    return Callee(function, code[index]) is { } other && Prints(other);
                }
            }

            index = Next(code, index);
        }

        return false;
    }

    /// <summary>The instruction that comes next, along plain jumps; -1 where the way ends.</summary>
    private static int Next(IReadOnlyList<ArgumentInstruction> code, int index)
    {
        if (code[index].JumpTarget is not { } target)
        {
            return code[index] is { EndsBlock: true, BranchKind: 0 } or { IsTrap: true } or { IsJump: true } ? -1 : index + 1;
        }

        for (var at = 0; at < code.Count; at++)
        {
            if (code[at].Offset == target)
            {
                return at;
            }
        }

        return -1;
    }

    private static bool Prints(string name) =>
        name.Contains("printk", StringComparison.Ordinal) || name.StartsWith("__dynamic_", StringComparison.Ordinal)
        || name is "lockdep_rcu_suspicious" or "dump_stack" or "warn_slowpath_fmt" or "__warn"
        || name is "___drm_dbg" or "__drm_dbg" or "drm_dev_dbg" or "__drm_err"
        || Array.Exists(Levels, level => name == "_dev_" + level || name == "netdev_" + level || name == "ibdev_" + level);

    private static string? Callee(Atom function, ArgumentInstruction call) =>
        ReferenceIn(function, call) is { } reference ? reference.Target?.Name ?? reference.Relocation.Symbol.Name : null;

    private static Reference? ReferenceIn(Atom function, ArgumentInstruction instruction)
    {
        foreach (var reference in function.References)
        {
            if (reference.Offset >= instruction.Offset && reference.Offset < instruction.Offset + (ulong)instruction.Length)
            {
                return reference;
            }
        }

        return null;
    }

    private int IndexOf(Atom function, ulong offset)
    {
        var code = CodeOf(function);
        for (var index = 0; index < code.Count; index++)
        {
            if (code[index].Offset <= offset && offset < code[index].Offset + (ulong)code[index].Length)
            {
                return index;
            }
        }

        return -1;
    }

    private IReadOnlyList<ArgumentInstruction> CodeOf(Atom function)
    {
        if (!_code.TryGetValue(function, out var code))
        {
            _code[function] = code = side.Architecture.Instructions.DecodeArguments(function.Bytes) ?? [];
        }

        return code;
    }
}
