using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;

namespace LivePatch.Core.Tests;

public sealed class ProcessRunnerTests
{
    private const string PidFile = "KLP_TEST_PIDS";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task megabytes_on_both_pipes_do_not_block()
    {
        const string Script = "i=0; while [ $i -lt 2000 ]; do printf '%01000d' $i; printf '%01000d' $i >&2; i=$((i+1)); done";
        var result = await Shell(Script);
        Assert.True(result.Succeeded);
        Assert.Equal(2_000_000, result.Output.Length);
        Assert.Equal(2_000_000, result.Error.Length);
        Assert.EndsWith("1999", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task megabytes_of_input_meet_megabytes_of_output()
    {
        var text =
            string.Concat(Enumerable.Range(0, 200_000).Select(static number => number.ToString("d9", CultureInfo.InvariantCulture) + "\n"));
        var result = await new ProcessRunner().RunAsync(new ProcessRequest("cat", []) { StandardInput = text }, Token);
        Assert.Equal(text, result.Output);
    }

    [Fact]
    public async Task input_a_program_does_not_read_is_no_error()
    {
        var result = await new ProcessRunner().RunAsync(new ProcessRequest("true", []) { StandardInput = new string('x', 1 << 20) }, Token);
        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task input_a_program_never_reads_does_not_outlive_the_time_limit()
    {
        var request = new ProcessRequest("sleep", ["1000"]) { StandardInput = new string('x', 1 << 20), Timeout = TimeSpan.FromMilliseconds(200) };
        var result = await new ProcessRunner().RunAsync(request, Token);
        Assert.True(result.TimedOut);
    }

    [Fact]
    public async Task without_input_the_program_sees_its_end_at_once()
    {
        var result = await Shell("cat; echo done");
        Assert.Equal("done\n", result.Output);
    }

    [Fact]
    public async Task exit_codes_and_signals_are_told_apart()
    {
        Assert.Equal(7, (await Shell("exit 7")).ExitCode);
        var killed = await Shell("kill -9 $$");
        Assert.Equal(128 + 9, killed.ExitCode);
        Assert.False(killed.Succeeded);
        Assert.False(killed.TimedOut);
    }

    [Fact]
    public async Task lines_arrive_one_by_one_and_the_text_stays_as_written()
    {
        var lines = new ConcurrentQueue<string>();
        var request = new ProcessRequest("sh", ["-c", "printf 'a\\nb\\r\\n\\nunended'"]) { OnLine = lines.Enqueue };
        var result = await new ProcessRunner().RunAsync(request, Token);
        Assert.Equal(["a", "b\r", string.Empty, "unended"], lines);
        Assert.Equal("a\nb\r\n\nunended", result.Output);
    }

    [Fact]
    public async Task environment_and_directory_are_the_requested_ones()
    {
        using var directory = new TemporaryDirectory();
        var request = new ProcessRequest("sh", ["-c", "pwd; echo \"$KLP_TEST ${HOME-unset}\""])
        {
            WorkingDirectory = directory.Path,
            Environment = new Dictionary<string, string?> { ["KLP_TEST"] = "a b", ["HOME"] = null },
        };
        var result = await new ProcessRunner().RunAsync(request, Token);
        Assert.Equal($"{directory.Path}\na b unset\n", result.Output);
    }

    [Fact]
    public async Task cancellation_ends_grandchildren_too()
    {
        using var directory = new TemporaryDirectory();
        var pids = directory.File("pids");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var request = new ProcessRequest(
            "sh",
            ["-c", $"sh -c 'sleep 1000 & echo $! >> {pids}; sleep 1000 & echo $! >> {pids}; echo $$ >> {pids}; echo ready; wait' & wait"])
        {
            OnLine = line => cancel.CancelAfter(line == "ready" ? 0 : -1),
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ProcessRunner().RunAsync(request, cancel.Token));
        var started =
            (await File.ReadAllLinesAsync(pids, Token)).Select(static line => int.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(3, started.Length);
        Assert.All(started, static pid => Assert.False(IsRunning(pid), $"{pid} still runs"));
    }

    [Fact]
    public async Task a_time_limit_keeps_what_was_printed()
    {
        var request = new ProcessRequest("sh", ["-c", "echo before; sleep 1000; echo after"]) { Timeout = TimeSpan.FromMilliseconds(300) };
        var result = await new ProcessRunner().RunAsync(request, Token);
        Assert.True(result.TimedOut);
        Assert.False(result.Succeeded);
        Assert.Equal("before\n", result.Output);
    }

    [Fact]
    public async Task a_background_process_that_keeps_the_pipe_does_not_hold_us()
    {
        using var directory = new TemporaryDirectory();
        var pid = directory.File("pid");
        var result = await Shell($"setsid sleep 1000 & echo $! > {pid}; echo out");
        try
        {
            Assert.True(result.Succeeded);
            Assert.Equal("out\n", result.Output);
        }
        finally
        {
            using var left = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(pid, Token), CultureInfo.InvariantCulture));
            left.Kill();
        }
    }

    [Fact]
    public async Task what_a_program_leaves_in_the_background_ends_with_it()
    {
        var result = await Shell("sleep 1000 & echo $!");
        Assert.True(result.Succeeded);
        Assert.True(result.Elapsed < TimeSpan.FromSeconds(3), $"took {result.Elapsed}");
        await AssertEndAsync([int.Parse(result.Output, CultureInfo.InvariantCulture)]);
    }

    /// <summary>This program once more, which starts a shell, which starts others, and is killed as nothing can be prevented
    /// from.</summary>
    [Theory]
    [InlineData("KILL")]
    [InlineData("HUP")]
    [InlineData("TERM")]
    public async Task children_and_grandchildren_end_with_a_process_that_is_killed(string signal)
    {
        using var directory = new TemporaryDirectory();
        var pids = directory.File("pids");

        // Under nohup, or as a background job of a script, this program was started with signals ignored, and children inherit that.
        var start = new ProcessStartInfo(
            "env",
            [
                "--default-signal", Environment.ProcessPath!,
                "-explicit", "only", "-method", "*." + nameof(starts_a_tree_of_processes), "-noLogo", "-noColor",
            ])
        {
            RedirectStandardOutput = true,
            Environment = { [PidFile] = pids },
        };
        using var parent = Process.Start(start)!;
        for (var waited = 0; waited < 600 && (!File.Exists(pids) || (await File.ReadAllLinesAsync(pids, Token)).Length < 3); waited++)
        {
            await Task.Delay(50, Token);
        }

        var started =
            (await File.ReadAllLinesAsync(pids, Token)).Select(static line => int.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(3, started.Length);
        Assert.All(started, static pid => Assert.True(IsRunning(pid)));
        using var kill = Process.Start("kill", ["-" + signal, parent.Id.ToString(CultureInfo.InvariantCulture)]);
        await parent.WaitForExitAsync(Token);
        await AssertEndAsync(started);
    }

    [Fact(Explicit = true)]
    public async Task starts_a_tree_of_processes()
    {
        var pids = Environment.GetEnvironmentVariable(PidFile);
        Assert.SkipWhen(pids is null, "for the test above");
        await Shell(
            $"sh -c 'echo $$ >> {pids}; (trap \"\" HUP TERM; sleep 1000 & echo $! >> {pids}; wait) & echo $! >> {pids}; sleep 1000'");
    }

    /// <summary>Children are bound to the thread that started them, and threads of the pool end when they are idle.</summary>
    [Fact]
    public async Task a_program_outlives_the_thread_that_asked_for_it()
    {
        Task<ProcessResult>? running = null;
        var asking = new Thread(() => running = Shell("sleep 0.5; echo done"));
        asking.Start();
        asking.Join();
        Assert.Equal("done\n", (await running!).Output);
    }

    [Fact]
    public async Task a_program_that_is_no_file_to_run_is_a_diagnostic()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.File("text"), "text", Token);
        foreach (var program in (string[])[directory.File("text"), directory.File("none"), directory.Path])
        {
            await DiagnosticAssert.ThrowsAsync(
                CoreDiagnostics.ToolMissing, () => new ProcessRunner().RunAsync(new ProcessRequest(program, []), Token));
        }
    }

    [Fact]
    public async Task a_missing_program_is_a_diagnostic_that_names_it()
    {
        var request = new ProcessRequest("klp-no-such-program", []);
        var diagnostic =
            await DiagnosticAssert.ThrowsAsync(CoreDiagnostics.ToolMissing, () => new ProcessRunner().RunAsync(request, Token));
        Assert.Contains("klp-no-such-program", diagnostic.Text, StringComparison.Ordinal);
    }

    private static Task<ProcessResult> Shell(string script) =>
        new ProcessRunner().RunAsync(new ProcessRequest("sh", ["-c", script]), Token);

    /// <summary>A signal is sent before it is received.</summary>
    private static async Task AssertEndAsync(int[] pids)
    {
        for (var waited = 0; waited < 100 && pids.Any(IsRunning); waited++)
        {
            await Task.Delay(20, Token);
        }

        Assert.All(pids, static pid => Assert.False(IsRunning(pid), $"{pid} still runs"));
    }

    /// <summary>Zombies nobody has waited for yet do not count.</summary>
    private static bool IsRunning(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
