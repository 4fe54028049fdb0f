using LivePatch.Boot.Guest;
using LivePatch.Boot.Initramfs;
using LivePatch.Boot.Machine;
using LivePatch.Boot.Modules;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;

namespace LivePatch.Boot;

/// <summary>
/// Proves a livepatch module in the kernel it is for: boots that kernel, unmodified, in an emulated machine and takes
/// the module through its whole life.
///
/// The guest consists of one static busybox, one script (<c>Guest/init.sh</c>) and the modules involved; it is built
/// anew for each run and needs no rights. The script drives; the host only watches, with a limit for each step, and
/// judges afterwards from the guest's report, the kernel's log and the taint mask.
///
/// Why not the running kernel: a bad module takes the machine down. Why not KVM: it is absent on many build hosts
/// and needs rights; a boot under emulation takes some seconds.
///
/// Limits: one CPU model, no devices; code that only runs with hardware is loaded and patched but not executed unless
/// a check script reaches it.
/// </summary>
public static class BootVerifier
{
    /// <summary>Verifies a module. Bad input, a missing program and a failed verification all end as diagnostics in
    /// the result.</summary>
    /// <param name="request">What to verify and how.</param>
    /// <param name="runner">Starts QEMU.</param>
    /// <param name="progress">Receives the name of each step as it begins (see <see cref="BootStage.Name"/>); may be null.</param>
    /// <param name="cancellationToken">Ends QEMU and the verification.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; QEMU is gone.</exception>
    public static async Task<BootVerifyResult> VerifyAsync(
        BootVerifyRequest request, IProcessRunner runner, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var diagnostics = new DiagnosticBag();
        if (GuestPreparation.TryMake(request, diagnostics) is not { } guest)
        {
            return new BootVerifyResult { Diagnostics = diagnostics };
        }

        var directory = Directory.CreateTempSubdirectory("klp-verify-");
        try
        {
            var initramfs = Path.Combine(directory.FullName, "initramfs.cpio");
            using (var file = File.Create(initramfs))
            {
                InitramfsBuilder.Write(guest.Content, file);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(request.LogPath))!);
            File.WriteAllBytes(request.LogPath, []);
            return await BootAsync(guest, initramfs, runner, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (DiagnosticException problem)
        {
            diagnostics.AddRange(problem.Diagnostics.Select(item => AsQemuMissing(item, guest)));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(
                CoreDiagnostics.CannotWrite.At(request.LogPath, $"The guest's files or its log cannot be written: {problem.Message}"));
        }
        finally
        {
            Discard(directory);
        }

        return new BootVerifyResult { Diagnostics = diagnostics };
    }

    private static async Task<BootVerifyResult> BootAsync(
        PreparedGuest guest, string initramfs, IProcessRunner runner, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var request = guest.Request;
        var command = QemuMachine.Boot(
            guest.Machine, Path.GetFullPath(request.KernelImage), initramfs, Path.GetFullPath(request.LogPath), request);
        var outcome = await new QemuSession(runner, StageLimit(request), progress)
            .RunAsync(command, cancellationToken).ConfigureAwait(false);

        var log = await File.ReadAllTextAsync(request.LogPath, cancellationToken).ConfigureAwait(false);
        await File.AppendAllTextAsync(
            request.LogPath,
            $"\n==== {command.CommandLine}\n==== the guest's "
                + $"report:\n{string.Join('\n', outcome.Lines.Select(static line => line.TrimEnd('\r')))}\n",
            cancellationToken).ConfigureAwait(false);

        var report = GuestReport.Parse(outcome.Lines);
        var round = request.LoadOrder == TargetLoadOrder.All ? "before/" : string.Empty;
        return new BootVerifyResult
        {
            Diagnostics = VerdictBuilder.Judge(request, report, outcome, log, guest.Modules),
            LogPath = request.LogPath,
            Before = report.Checks.GetValueOrDefault(round + "before"),
            After = report.Checks.GetValueOrDefault(round + "after"),
            Reloaded = report.Checks.GetValueOrDefault(round + "reloaded"),
            Restored = report.Checks.GetValueOrDefault(round + "restored"),
            Stages = outcome.Stages,
            Elapsed = outcome.Elapsed,
        };
    }

    // The guest's own limits must run out first: it can say which task or script is to blame.
    private static TimeSpan StageLimit(BootVerifyRequest request)
    {
        var inner = request.CheckTimeout > request.TransitionTimeout ? request.CheckTimeout : request.TransitionTimeout;
        var least = inner + TimeSpan.FromSeconds(30);
        return request.StageTimeout > least ? request.StageTimeout : least;
    }

    private static Diagnostic AsQemuMissing(Diagnostic diagnostic, PreparedGuest guest) =>
        diagnostic.Descriptor == CoreDiagnostics.ToolMissing
            ? BootDiagnostics.QemuMissing.Anywhere(
                $"'{guest.Request.QemuProgram ?? guest.Machine.Program}', which boots the kernel, cannot be started: {diagnostic.Text}",
                guest.Request.Host.HowToInstallProgram(guest.Machine.Program))
            : diagnostic;

    private static void Discard(DirectoryInfo directory)
    {
        try
        {
            directory.Delete(recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A leftover in the temporary directory harms nobody.
        }
    }
}
