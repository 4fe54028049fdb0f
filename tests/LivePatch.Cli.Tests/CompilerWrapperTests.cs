using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Cli.Tests;

/// <summary>
/// A real livepatch of the installed kernel built with the real ccache and the real distcc. The distcc daemon listens on
/// the loopback interface only and ends with the test.
/// </summary>
public sealed partial class CompilerWrapperTests : IDisposable
{
    private static readonly string Cache = TestCache.Root;
    private static readonly string Patch = Path.Combine(RepositoryRoot.Path, "samples/meminfo-string/meminfo-string.patch");
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task ccache_gives_the_patched_object_of_an_earlier_run_and_distcc_compiles_elsewhere_and_the_module_is_the_same()
    {
        RequireSource();
        Tool.Require("ccache", "distcc", "distccd", "objcopy");
        Environment.SetEnvironmentVariable("CCACHE_DIR", _directory.File("ccache"));
        await BuildAsync("plain");

        // The overlay has another directory in every run; ccache must hit all the same.
        await BuildAsync("first", "--cc", "ccache");
        Environment.SetEnvironmentVariable("CCACHE_LOGFILE", _directory.File("ccache.log"));
        await BuildAsync("second", "--cc", "ccache");
        Environment.SetEnvironmentVariable("CCACHE_LOGFILE", null);
        Assert.Contains("direct_cache_hit", CcacheResults(_directory.File("ccache.log"), "fs/proc/meminfo.o"));
        var statistics = Tool.Run("ccache", "--print-stats").Output;
        Assert.True(int.Parse(HitCount().Match(statistics).Groups[1].Value) > 0, statistics);

        using (var farm = new LoopbackFarm(_directory.Path))
        {
            Environment.SetEnvironmentVariable("DISTCC_HOSTS", farm.Host);
            Environment.SetEnvironmentVariable("DISTCC_FALLBACK", "0");
            Environment.SetEnvironmentVariable("DISTCC_DIR", Directory.CreateDirectory(_directory.File("distcc")).FullName);
            await BuildAsync("farm", "--cc", "distcc");
            Assert.Matches(@"COMPILE_OK exit:0 .* fs/proc/meminfo\.c", farm.Log);

            // Both: what ccache does not have goes to the farm.
            var before = CompiledCount(farm.Log);
            Environment.SetEnvironmentVariable("CCACHE_DIR", _directory.File("empty-ccache"));
            await BuildAsync("both", "--cc", "ccache distcc");
            Assert.True(CompiledCount(farm.Log) > before, farm.Log);
        }

        foreach (var name in (string[])["second", "farm", "both"])
        {
            Assert.True(Code("plain").AsSpan().SequenceEqual(Code(name)), $"the module built with {name} differs");
        }
    }

    [Fact]
    public async Task an_object_from_another_compiler_of_the_farm_is_an_error()
    {
        RequireSource();
        Tool.Require("objcopy");
        _directory.Write("comment", "GCC: (Debian 12.2.0-1) 12.2.0\0");
        var farm = _directory.Write("farm", $$"""
            #!/bin/sh
            # Compiles, and marks the object as another machine's compiler would.
            "$@" || exit
            while [ $# -gt 1 ]; do
                [ "$1" = -o ] && output=$2
                shift
            done
            case $output in
            *meminfo.o) objcopy --update-section .comment={{_directory.File("comment")}} "$output" ;;
            esac
            """);
        File.SetUnixFileMode(farm, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var result =
            await CommandResult.RunAsync(
                "-k", InstalledKernels.RequireStock(), "--cache", Cache, "-o", _directory.Path, "--cc", farm + " gcc-12", Patch);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            "fs/proc/meminfo.o: error LP0360: It was compiled by 'GCC: (Debian 12.2.0-1) 12.2.0'", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_directory.Path, "*.ko"));
    }

    [Fact]
    public async Task a_wrapper_that_is_not_installed_is_named()
    {
        RequireSource();
        var result =
            await CommandResult.RunAsync(
                "-k", InstalledKernels.RequireStock(), "--cache", Cache, "-o", _directory.Path, "--cc", "no-such-wrapper gcc-12", Patch);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("LP0244", result.Error, StringComparison.Ordinal);
        Assert.Contains("'no-such-wrapper'", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static void RequireSource()
    {
        InstalledKernels.RequireStock();
        if (!File.Exists("/usr/src/linux-source-6.1.tar.xz"))
        {
            Assert.Skip("the kernel's source (linux-source-6.1) is not installed");
        }
    }

    /// <summary>What ccache's log says of the compiles of one object.</summary>
    private static string CcacheResults(string log, string objectPath)
    {
        var lines = File.ReadAllLines(log);
        var processes =
            lines.Where(line => line.EndsWith($"Object file: {objectPath}", StringComparison.Ordinal)).Select(Process).ToHashSet();
        return string.Join(
            '\n', lines.Where(line => processes.Contains(Process(line)) && line.Contains("Result: ", StringComparison.Ordinal)));

        static string Process(string line) => line.Split(']')[0].Split(' ')[^1];
    }

    private static int CompiledCount(string log) =>
        log.Split('\n').Count(static line => line.Contains("COMPILE_OK", StringComparison.Ordinal));

    private async Task BuildAsync(string name, params string[] options)
    {
        var result =
            await CommandResult.RunAsync(
                [
                    "-k", InstalledKernels.RequireStock(), "--cache", Cache, "-n", "livepatch-wrapped", "-o", _directory.File(name),
                    .. options, Patch]);
        Assert.True(result.ExitCode == 0, $"{name}: {result.Error}");
    }

    /// <summary>The module without debug information and build id, which hold the name of the run's directory.</summary>
    private byte[] Code(string name)
    {
        var stripped = _directory.File(name + ".stripped");
        var result =
            Tool.Run(
                "objcopy",
                "--strip-debug",
                "-R",
                ".note.gnu.build-id",
                Path.Combine(_directory.File(name), "livepatch-wrapped.ko"),
                stripped);
        Assert.True(result.Succeeded, result.Error);
        return File.ReadAllBytes(stripped);
    }

    [GeneratedRegex(@"^direct_cache_hit\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex HitCount();

    /// <summary>A distcc daemon of our own on 127.0.0.1.</summary>
    private sealed class LoopbackFarm : IDisposable
    {
        private readonly Process _daemon;
        private readonly string _log;

        public LoopbackFarm(string directory)
        {
            var port = FreePort();
            Host = $"127.0.0.1:{port}";

            // Root's daemon becomes another user, who must be able to write the log.
            var logs = Directory.CreateDirectory(Path.Combine(directory, "farm"));
            File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(logs.FullName, (UnixFileMode)0b111_111_111);
            _log = Path.Combine(logs.FullName, "log");
            var start = new ProcessStartInfo("distccd")
            {
                ArgumentList =
                {
                    "--daemon", "--no-detach", "--listen", "127.0.0.1", "--allow", "127.0.0.1", "--port", $"{port}",
                    "--jobs", "2", "--log-level", "info", "--log-file", _log,
                },
            };
            if (Environment.UserName == "root")
            {
                start.ArgumentList.Add("--user");
                start.ArgumentList.Add("nobody");
            }

            _daemon = Process.Start(start)!;
            for (var tries = 100; tries > 0 && !IsListening(port); tries--)
            {
                Thread.Sleep(100);
            }

            Assert.False(_daemon.HasExited, "distccd did not start");
        }

        public string Host { get; }

        public string Log => File.ReadAllText(_log);

        public void Dispose()
        {
            _daemon.Kill(entireProcessTree: true);
            _daemon.WaitForExit();
            _daemon.Dispose();
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        private static bool IsListening(int port)
        {
            try
            {
                using var client = new TcpClient();
                client.Connect(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }
}
