using LivePatch.Diff.Objects;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Flow;

/// <summary>
/// Tells from code whether a once flag or a rate limit guards a message and nothing else.
///
/// WARN_ONCE, printk_once and their kin ask whether the flag is set, set it, and call the function that prints; a rate limited message
/// calls it when the rate limit says yes. So the code that only runs on one side of the question (see <see cref="GuardedCode"/>) must
/// print, and may do nothing besides: write no memory but the flag and the stack, call nothing that does not print, return nothing that
/// is not returned elsewhere too, and do nothing that is not done on the other side as well; and likewise the other side. Calls that
/// only name a device for the message are passed over. Where that is not so, or cannot be told, the answer is no, which is safe: the
/// variable counts as any other.
/// </summary>
internal sealed class MessageGuard(KernelObject side)
{
    // From where a flag is read, or the rate limit asked, to the jump that the answer decides.
    private const int Farthest = 12;

    // The callees that print and do nothing else, by what their names are made of: _printk, __warn_printk, _printk_deferred, trace_printk,
    // _dev_warn, netdev_err, ibdev_err, __dynamic_pr_debug.
    private static readonly string[] Levels = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "dbg"];

    // What is called for an argument of a message and changes nothing (include/linux/device.h, netdevice.h, uidgid.h, jiffies.h, pid.h).
    // netdev_name looks for a '%' in the name.
    private static readonly string[] Arguments =
    [
        "dev_driver_string", "dev_name", "netdev_name", "netdev_reg_state", "netdev_drivername", "kobject_name", "strchr", "strrchr",
        "strlen",
        "from_kuid", "from_kgid", "from_kuid_munged", "from_kgid_munged", "jiffies_to_msecs", "jiffies_to_usecs", "__task_pid_nr_ns",
        "errname",
    ];

    private readonly Dictionary<Atom, FlowUnit?> _units = [];
    private readonly Dictionary<FlowUnit, GuardedCode> _code = [];

    /// <summary>True when the flag decides about messages only, in each function that reads or writes it.</summary>
    public bool IsFlagOfMessage(Atom flag)
    {
        var users = side.ReferrersOf(flag).Where(static use => use.From.Kind != AtomKind.Attachment).ToList();
        return users.Count > 0 && users.TrueForAll(static use => use.From.Kind == AtomKind.Function)
            && users.Select(use => UnitOf(use.From)).Distinct().All(unit => unit is not null && IsFlagOfMessage(unit, flag));
    }

    /// <summary>True when every question to the rate limit decides about a message.</summary>
    public bool IsRateLimitOfMessage(Atom state)
    {
        var uses = side.ReferrersOf(state).Where(static use => use.From.Kind != AtomKind.Attachment).ToList();
        return uses.Count > 0 && uses.TrueForAll(
            use => use.From.Kind == AtomKind.Function && UnitOf(use.From) is { } unit && Limits(unit, use.Reference));
    }

    private bool IsFlagOfMessage(FlowUnit unit, Atom flag)
    {
        var code = CodeOf(unit);
        var (reads, stores) = (new List<int>(), new HashSet<int>());
        for (var index = 0; index < unit.Code.Count; index++)
        {
            if (!unit.References[index].Any(reference => reference.Target == flag))
            {
                continue;
            }

            if (!code.Writes(index))
            {
                reads.Add(index);
            }
            else if (unit.Code[index].Instruction.Operation == FlowOperation.Move)
            {
                stores.Add(index);
            }
            else
            {
                return false;
            }
        }

        if (stores.Count == 0)
        {
            return false;
        }

        var (once, again) = (new HashSet<(int, int)>(), new HashSet<(int, int)>());
        var questions = reads.Select(read => code.QuestionFrom(read, Farthest)).Where(static index => index >= 0).ToHashSet();
        foreach (var question in questions)
        {
            var ways = code.Ways(question);
            var leads = ways.Select(way => code.Leads(way, stores, questions)).ToList();
            if (leads[0] != leads[1])
            {
                once.Add((question, ways[leads[0] ? 0 : 1]));
                again.Add((question, ways[leads[0] ? 1 : 0]));
            }
        }

        var (first, later) = (once.Select(static way => way.Item2).ToList(), again.Select(static way => way.Item2).ToList());
        var guarded = code.Only(once, stores).Union(code.Beyond(first, later)).ToList();
        return guarded.Exists(index => IsMessage(unit, index))
            && DoesNothingElse(unit, guarded, stores, later)
            && DoesNothingElse(unit, [.. code.Only(again, new HashSet<int>()).Union(code.Beyond(later, first))], stores, first);
    }

    private bool Limits(FlowUnit unit, Reference use)
    {
        var code = CodeOf(unit);
        var index = Enumerable.Range(0, unit.Code.Count).First(at => unit.References[at].Contains(use));
        for (var step = 0; step < Farthest && unit.Code[index].Instruction.Operation != FlowOperation.Call; step++)
        {
            if (code.Ways(index) is not [var next])
            {
                return false;
            }

            index = next;
        }

        if (code.Callee(index) != "___ratelimit" || code.Ways(index) is not [var behind]
            || code.QuestionFrom(behind, Farthest) is not (>= 0 and var question))
        {
            return false;
        }

        var sides = code.Ways(question)
            .Select(way => (Others: code.Ways(question).Where(other => other != way).ToList(), Way: way))
            .Select(one => (one.Others, Own: code.Only(new HashSet<(int, int)> { (question, one.Way) }, new HashSet<int>())
                .Union(code.Beyond([one.Way], one.Others)).ToList()))
            .ToList();
        return sides.Exists(one => one.Own.Exists(at => IsMessage(unit, at)))
            && sides.TrueForAll(one => DoesNothingElse(unit, one.Own, [], one.Others));
    }

    /// <summary>
    /// True when nothing is done but to print, and what is done on the other way too: compilers copy what is behind the place where both
    /// meet.
    /// </summary>
    private bool DoesNothingElse(FlowUnit unit, List<int> guarded, HashSet<int> stores, List<int> otherWays)
    {
        var code = CodeOf(unit);
        var done = guarded.Where(index => (code.Writes(index) && !stores.Contains(index))
            || (code.Callee(index) is { } callee && !Prints(callee) && !Array.Exists(Arguments, argument => argument == callee)
                && callee != "__stack_chk_fail")).Select(code.Signature).ToHashSet(StringComparer.Ordinal);
        done.ExceptWith(done.Count == 0 ? [] : code.From(otherWays).Except(guarded).Select(code.Signature));
        if (done.Count > 0)
        {
            return false;
        }

        // A result that only this way has tells the caller which way it was.
        var own = guarded.Select(code.Returned).OfType<long>().ToHashSet();
        own.ExceptWith(own.Count == 0 ? [] : Enumerable.Range(0, unit.Code.Count).Except(guarded).Select(code.Returned).OfType<long>());
        return own.Count == 0;
    }

    private bool IsMessage(FlowUnit unit, int index) =>
        unit.Code[index].Instruction.Operation == FlowOperation.Trap || (CodeOf(unit).Callee(index) is { } callee && Prints(callee));

    private static bool Prints(string name) =>
        name.Contains("printk", StringComparison.Ordinal) || name.StartsWith("__dynamic_", StringComparison.Ordinal)
        || name is "lockdep_rcu_suspicious" or "dump_stack" or "warn_slowpath_fmt" or "__warn"
        || name is "___drm_dbg" or "__drm_dbg" or "drm_dev_dbg" or "__drm_err"
        || Array.Exists(Levels, level => name == "_dev_" + level || name == "netdev_" + level || name == "ibdev_" + level);

    private FlowUnit? UnitOf(Atom function)
    {
        if (!_units.TryGetValue(function, out var unit))
        {
            // A part is read with its function.
            unit = SymbolName.IsCold(function.Name) && function.Parent is { } parent
                ? UnitOf(parent)
                : FlowUnit.Of(function, side.Architecture);
            _units.Add(function, unit);
        }

        return unit;
    }

    private GuardedCode CodeOf(FlowUnit unit)
    {
        if (!_code.TryGetValue(unit, out var code))
        {
            _code.Add(unit, code = new GuardedCode(side, unit));
        }

        return code;
    }
}
