using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LivePatch.Core.Processes;

/// <summary>
/// Starts programs so that neither they nor what they start outlives this process, whatever ends it.
///
/// A tar or make that goes on after a kill -9 writes into a tree whose lock is free again. Ending children in a handler cannot help
/// there, and the kernel's own means (PR_SET_PDEATHSIG) reaches the direct child only, not make's compilers. So each program runs
/// under a small shell, which leads a session, and so a process group, of its own, is told by the kernel when this process is gone, and
/// then ends the whole group. The signal comes when the *thread* that started the child ends, which is why one thread that lives
/// as long as the process starts them all. The group also is what a cancellation ends, with nothing to be missed between
/// looking and killing.
///
/// What a program leaves behind in its group is ended with it. Limits: a process that makes itself a session of its own (a
/// daemon) is let go; where setpriv or setsid (util-linux) is missing, programs are started directly and only cancellation ends them.
/// </summary>
internal static partial class ChildSupervisor
{
    /// <summary>Arguments: our process id, the program, its arguments. The shell is told of our end by SIGTERM; it may have come before the
    /// kernel was asked, which the parent's id shows. What stands behind "&amp;" would lose its input and the default of no signal but
    /// these.</summary>
    private const string Script = """
        [ "$PPID" = "$1" ] || exit 143
        shift
        trap 'kill -KILL 0' TERM HUP INT
        exec 3<&0
        "$@" <&3 3<&- &
        exec 3<&- </dev/null
        wait $!
        status=$?
        trap '' TERM
        kill -TERM 0
        exit $status
        """;

    private const string Shell = "/bin/sh";
    private const int Kill = 9;
    private static readonly BlockingCollection<Action> Work = [];
    private static readonly Lazy<string[]> Prefix = new(FindPrefix);
    private static readonly Lazy<Thread> Starter = new(() =>
    {
        var thread = new Thread(static () =>
        {
            foreach (var work in Work.GetConsumingEnumerable())
            {
                work();
            }
        })
        {
            IsBackground = true,
            Name = "child processes",
        };
        thread.Start();
        return thread;
    });

    /// <summary>Starts a process whose start information names the program; supervision is put around it.</summary>
    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    public static void Start(Process process)
    {
        var start = process.StartInfo;
        if (Prefix.Value is { Length: > 0 } prefix)
        {
            var program = Find(start) ?? throw new Win32Exception(2, "No such file or directory");
            var arguments = start.ArgumentList.ToList();
            start.FileName = prefix[0];
            start.ArgumentList.Clear();
            foreach (var argument in (string[])[
                .. prefix[1..], "-c", Script, "klp-build", Environment.ProcessId.ToString(
                    CultureInfo.InvariantCulture), program, .. arguments])
            {
                start.ArgumentList.Add(argument);
            }
        }

        _ = Starter.Value;
        using var done = new ManualResetEventSlim();
        Exception? failure = null;
        Work.Add(() =>
        {
            try
            {
                process.Start();
            }
            catch (Exception problem)
            {
                failure = problem;
            }
            finally
            {
                done.Set();
            }
        });
        done.Wait();
        if (failure is not null)
        {
            throw failure is Win32Exception known ? new Win32Exception(known.NativeErrorCode, known.Message) : failure;
        }
    }

    /// <summary>Ends a process and everything it started.</summary>
    public static void End(Process process)
    {
        try
        {
            if (Prefix.Value.Length > 0)
            {
                _ = SendSignal(-process.Id, Kill);
            }

            // It may not have come as far as its own group, or there is none.
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended between the cancellation and here.
        }
        catch (Exception problem) when (problem is Win32Exception or AggregateException)
        {
            // A descendant went away while the tree was walked.
        }
    }

    private static string[] FindPrefix()
    {
        var path = Environment.GetEnvironmentVariable("PATH") + ":/usr/bin:/bin";
        return InPath("setsid", path) is { } setsid && InPath("setpriv", path) is { } setpriv
            && Works(setsid, setpriv, "--pdeathsig", "TERM", "--", Shell, "-c", ":")
            ? [setsid, setpriv, "--pdeathsig", "TERM", "--", Shell]
            : [];
    }

    /// <summary>Other makes of these programs (busybox) have not all the options.</summary>
    private static bool Works(string program, params string[] arguments)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
            process?.WaitForExit();
            return process?.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>The program's file, as execvp of the child would find it; null when there is none.</summary>
    private static string? Find(ProcessStartInfo start)
    {
        if (!start.FileName.Contains('/', StringComparison.Ordinal))
        {
            return InPath(start.FileName, start.Environment.TryGetValue("PATH", out var path) && path is not null ? path : "/usr/bin:/bin");
        }

        var directory = start.WorkingDirectory.Length > 0 ? Path.GetFullPath(start.WorkingDirectory) : Environment.CurrentDirectory;
        var file = Path.Combine(directory, start.FileName);
        return IsProgram(file) ? file : null;
    }

    private static string? InPath(string name, string path) =>
        path.Split(':').Select(directory => Path.Combine(directory.Length == 0 ? "." : directory, name)).FirstOrDefault(IsProgram);

    private static bool IsProgram(string file) =>
        File.Exists(file)
            && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
