using LivePatch.Boot.Guest;
using LivePatch.Boot.Log;
using LivePatch.Boot.Machine;
using LivePatch.Boot.Modules;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Boot;

/// <summary>
/// Turns what was observed (the guest's report, the kernel's log, how QEMU ended) into diagnostics. Pure: everything
/// is decided from the three inputs, so that each verdict can be tested without booting anything.
///
/// The report says how far the patch got; the log and the taint mask say at what price. All three are always looked
/// at, and everything found is reported, because the first complaint is often only the consequence of another one.
/// </summary>
internal sealed class VerdictBuilder
{
    private const int TailLines = 25;

    private readonly BootVerifyRequest _request;
    private readonly GuestReport _report;
    private readonly string _log;
    private readonly IReadOnlyList<KernelLogFinding> _findings;
    private readonly DiagnosticBag _diagnostics = [];

    private VerdictBuilder(BootVerifyRequest request, GuestReport report, string log)
    {
        _request = request;
        _report = report;
        _log = log;
        _findings = KernelLogScanner.Scan(log);
    }

    /// <summary>Judges a run.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="report">What the guest said.</param>
    /// <param name="outcome">How QEMU ended.</param>
    /// <param name="log">The kernel's console.</param>
    /// <param name="modules">The kernel's modules; null when they are not known.</param>
    public static IReadOnlyList<Diagnostic> Judge(
        BootVerifyRequest request, GuestReport report, QemuOutcome outcome, string log, ModuleDependencies? modules = null)
    {
        var builder = new VerdictBuilder(request, report, log);
        builder.JudgeEnd(outcome);
        builder.JudgeFailure();
        builder.JudgeChecks();
        builder.JudgeSysfs();
        builder.JudgeLog();
        builder.JudgeTaint();
        builder.JudgeRequests(modules);
        return builder._diagnostics;
    }

    private void JudgeEnd(QemuOutcome outcome)
    {
        var panic = _findings.FirstOrDefault(static finding => finding.Kind == KernelLogFindingKind.Panic);
        var stage = outcome.Stages[^1].Name;
        if (panic is not null)
        {
            Add(BootDiagnostics.Panic, $"In the stage '{panic.Stage}': {panic.Text}{Tail()}");
        }
        else if (outcome.TimedOut)
        {
            Add(BootDiagnostics.TimedOut,
                $"The guest did not leave the stage '{stage}' in time (after {outcome.Elapsed.TotalSeconds:F0} s it was ended).{Tail()}");
        }
        else if (!_report.IsDone && _report.Stages.Count == 0)
        {
            var said = string.Join('\n', _report.OtherLines.Where(static line => line.Length > 0));
            Add(_log.Length == 0 ? BootDiagnostics.QemuFailed : BootDiagnostics.GuestEnded,
                $"QEMU ended with exit code {outcome.ExitCode} before the guest began its work. {said}{Tail()}");
        }
        else if (!_report.IsDone)
        {
            Add(BootDiagnostics.GuestEnded, $"The guest ended in the stage '{stage}' without a word.{Tail()}");
        }
    }

    private void JudgeFailure()
    {
        if (_report.Failure is not { } failure)
        {
            return;
        }

        var output = Indent(failure.Output);
        switch (failure.What)
        {
            case "load":
                Add(BootDiagnostics.LoadFailed, $"insmod failed:{output}{Tail()}");
                break;
            case "enabled":
                Add(BootDiagnostics.LoadFailed, $"The module is loaded, but its patch is not enabled ('{failure.Detail}').{Tail()}");
                break;
            case "target":
                Add(
                    BootDiagnostics.TargetLoadFailed,
                    $"The module '{failure.Detail}' cannot be loaded:{output}{Tail()}",
                    NoDevice(failure.Output));
                break;
            case "reload":
                Add(
                    BootDiagnostics.ReloadFailed,
                    $"The module '{failure.Detail}' was unloaded and cannot be loaded again:{output}{Tail()}");
                break;
            case "extra":
                Add(BootDiagnostics.TargetLoadFailed, $"The module '{failure.Detail}' cannot be loaded:{output}{Tail()}");
                break;
            case "unload-target":
                Add(
                    BootDiagnostics.TargetInUse,
                    $"The module '{failure.Detail}' cannot be unloaded while the livepatch stays:{output}{Tail()}");
                break;
            case "patched":
                Add(
                    BootDiagnostics.SysfsMismatch,
                    $"The patch is enabled and '{failure.Detail}' is loaded, but its functions are not redirected.{Tail()}");
                break;
            case "transition" or "transition-back":
                var direction = failure.What == "transition" ? "to the patched" : "back to the original";
                Add(BootDiagnostics.TransitionStalled,
                    $"After {_request.TransitionTimeout.TotalSeconds:F0} s not every task had moved {direction} code. Tasks that had not:"
                    + (output.Length == 0 ? " none was found any more." : output));
                break;
            case "disable":
                Add(BootDiagnostics.UnloadFailed, $"The patch cannot be disabled:{output}");
                break;
            default:
                Add(BootDiagnostics.UnloadFailed, $"The module does not unload ({failure.What} {failure.Detail}):{output}");
                break;
        }
    }

    private void JudgeChecks()
    {
        string[] rounds = _request.LoadOrder == TargetLoadOrder.All ? ["after/", "before/"] : [string.Empty];
        foreach (var round in rounds)
        {
            if (round != "after/")
            {
                JudgeCheck(round + "before", _request.BeforeScript, BootDiagnostics.BeforeCheckFailed);
            }

            JudgeCheck(round + "after", _request.AfterScript, BootDiagnostics.AfterCheckFailed);
            if (_request.LoadOrder is TargetLoadOrder.Reload or TargetLoadOrder.All)
            {
                JudgeCheck(round + "reloaded", _request.AfterScript, BootDiagnostics.ReloadedCheckFailed);
            }

            JudgeCheck(round + "restored", _request.BeforeScript, BootDiagnostics.RestoredCheckFailed);
        }

        foreach (var name in _report.Skipped)
        {
            _diagnostics.Add(BootDiagnostics.CheckSkipped.Anywhere(
                $"The check '{name}' was not run: with the load order '{_request.LoadOrder}' the patched modules are not there at that "
                    + $"moment."));
        }
    }

    private void JudgeCheck(string name, string? script, DiagnosticDescriptor descriptor)
    {
        if (script is null || _report.Skipped.Contains(name))
        {
            return;
        }

        if (!_report.Checks.TryGetValue(name, out var check))
        {
            // Not reached: something fatal said so above. If nothing did, silence must not pass for success.
            if (_report is { IsDone: true, Failure: null })
            {
                _diagnostics.Add(descriptor.At(script, $"The check '{name}' left no result."));
            }

            return;
        }

        if (!check.Passed)
        {
            var how = check.ExitCode == 143
                ? $"was ended after {_request.CheckTimeout.TotalSeconds:F0} s"
                : $"exited with {check.ExitCode}";
            var said = check.Output.Length == 0 ? " and printed nothing." : $" and printed:{Indent(check.Output)}";
            var when = name.Contains('/', StringComparison.Ordinal) ? $" in the check '{name}'" : string.Empty;
            _diagnostics.Add(descriptor.At(script, $"The script {how}{when}{said}"));
        }
    }

    private void JudgeSysfs()
    {
        // Only when the listing is known to be whole: the guest went on after it.
        if (!_report.Stages.Contains("disable"))
        {
            return;
        }

        if (_report.SysfsEntries.Count == 0)
        {
            Add(BootDiagnostics.SysfsMismatch, "The loaded patch lists no function in /sys/kernel/livepatch.");
            return;
        }

        if (_request.ExpectedFunctions is not { } functions)
        {
            return;
        }

        var expected = functions.Select(static function => function.SysfsName).ToHashSet(StringComparer.Ordinal);
        var missing = expected.Except(_report.SysfsEntries).Order(StringComparer.Ordinal).ToList();
        var surplus = _report.SysfsEntries.Except(expected).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            Add(BootDiagnostics.SysfsMismatch, $"The loaded patch does not list: {string.Join(", ", missing)}.");
        }

        if (surplus.Count > 0)
        {
            Add(BootDiagnostics.SysfsMismatch, $"The loaded patch lists what was not built: {string.Join(", ", surplus)}.");
        }
    }

    private void JudgeLog()
    {
        foreach (var finding in _findings)
        {
            if (finding.Kind == KernelLogFindingKind.Panic)
            {
                continue;
            }

            // Before anything of ours is in the kernel, it complains about itself or about the emulated machine.
            // Of several rounds only the first one's beginning is that.
            var early = finding.Stage is "boot" or "init"
                || (finding.Stage is "check-before" && _request.LoadOrder != TargetLoadOrder.All)
                || (finding.Stage is "target" && _request.LoadOrder == TargetLoadOrder.Before);
            var descriptor = early ? BootDiagnostics.EarlyComplaint : BootDiagnostics.KernelComplaint;
            var where = finding.Where is null ? string.Empty : $" (at {finding.Where})";
            _diagnostics.Add(descriptor.At(
                DiagnosticLocation.AtLine(_request.LogPath, finding.Line),
                $"In the stage '{finding.Stage}': {finding.Text}{where}"));
        }
    }

    private void JudgeTaint()
    {
        if (!_report.Taints.TryGetValue("before-load", out var allowed))
        {
            return;
        }

        allowed |= KernelTaint.OfLivepatch;
        if (_report.Taints.TryGetValue("before-target", out var without) && _report.Taints.TryGetValue("after-target", out var with))
        {
            allowed |= with & ~without & KernelTaint.OfModules;
        }

        foreach (var moment in new[] { "after-check", "end" })
        {
            if (_report.Taints.TryGetValue(moment, out var mask) && (mask & ~allowed) != 0)
            {
                Add(BootDiagnostics.UnexpectedTaint,
                    $"/proc/sys/kernel/tainted became {mask}; not expected: {KernelTaint.Describe(mask & ~allowed)}.");
                return;
            }
        }
    }

    /// <summary>What the kernel asked for and did not get, though it has such a module.</summary>
    private void JudgeRequests(ModuleDependencies? modules)
    {
        foreach (var name in KernelLogScanner.UnansweredRequests(_log).Distinct(StringComparer.Ordinal))
        {
            if (modules?.Resolve(name) is { Count: > 0 } found)
            {
                Add(BootDiagnostics.ModuleNotAtHand, $"It asked for '{name}', which is {string.Join(" or ", found)}.");
            }
        }
    }

    private void Add(DiagnosticDescriptor descriptor, string text, string? remedy = null) =>
        _diagnostics.Add(descriptor.At(_request.LogPath, text, remedy));

    private string Tail()
    {
        var lines = KernelLogScanner.Tail(_log, TailLines);
        return lines.Count == 0 ? string.Empty : "\nThe kernel log ends with:" + Indent(string.Join('\n', lines));
    }

    /// <summary>What to do about a driver whose initialisation ended with ENODEV; the kernel's livepatch code has no use for that
    /// number.</summary>
    private static string? NoDevice(string output) => output.Contains("No such device", StringComparison.Ordinal)
        ? "Its initialisation asks for hardware that the emulated machine does not have. '--order never' verifies all the rest; test "
            + "the driver where the hardware is."
        : null;

    private static string Indent(string text) =>
        string.Concat(text.TrimEnd('\n').Split('\n').Where(static line => line.Length > 0).Select(static line => "\n  " + line));
}
