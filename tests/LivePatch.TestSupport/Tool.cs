using LivePatch.Core.Processes;
using Xunit;

namespace LivePatch.TestSupport;

/// <summary>Programs a test needs from the host. A missing one skips the test and says which.</summary>
public static class Tool
{
    /// <summary>True when the program is in PATH.</summary>
    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <summary>Skips the running test when a program is not in PATH.</summary>
    public static void Require(params ReadOnlySpan<string> programs)
    {
        foreach (var program in programs)
        {
            if (!Exists(program))
            {
                Assert.Skip($"'{program}' is not installed");
            }
        }
    }

    /// <summary>Runs a program to its end and returns how it ended, whatever its exit code. Skips the test when it is missing.</summary>
    public static ProcessResult Run(string program, params IReadOnlyList<string> arguments) => Run(program, null, arguments);

    /// <summary>As <see cref="Run(string, IReadOnlyList{string})"/>, in a directory.</summary>
    public static ProcessResult RunIn(string directory, string program, params IReadOnlyList<string> arguments) =>
        Run(program, directory, arguments);

    private static ProcessResult Run(string program, string? directory, IReadOnlyList<string> arguments)
    {
        Require(program);
        var request = new ProcessRequest(program, arguments)
        {
            WorkingDirectory = directory,
            Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" },
            Timeout = TimeSpan.FromMinutes(5),
        };
        return Task.Run(() => new ProcessRunner().RunAsync(request, CancellationToken.None)).GetAwaiter().GetResult();
    }
}
