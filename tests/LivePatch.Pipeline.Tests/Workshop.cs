using System.Collections.Concurrent;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;

namespace LivePatch.Pipeline.Tests;

/// <summary>
/// Runs programs but make, whose part it plays: of an object it compiles the source beside it and leaves the command as Kbuild does; a
/// module it does not link. Any command can be made to fail, to be missing, or to be where the user interrupts.
/// </summary>
internal sealed class Workshop : IProcessRunner
{
    private readonly ProcessRunner _real = new();
    private readonly ConcurrentQueue<string> _commands = [];

    /// <summary>What was run, as "make tiny.o" or "sh".</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>Answers a command in the place of the program; null to run it.</summary>
    public Func<string, ProcessResult?> Answer { get; init; } = static _ => null;

    /// <summary>Called before each command.</summary>
    public Action<string> Before { get; init; } = static _ => { };

    public static ProcessResult Failure(string error) => new(2, string.Empty, error + "\n", false, TimeSpan.Zero);

    public async Task<ProcessResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        var command = request.Program == "make" ? $"make {request.Arguments[^1]}" : Path.GetFileName(request.Program);
        _commands.Enqueue(command);
        Before(command);
        cancellationToken.ThrowIfCancellationRequested();
        return Answer(command)
            ?? (request.Program == "make" ? await MakeAsync(request, cancellationToken) : await _real.RunAsync(request, cancellationToken));
    }

    private async Task<ProcessResult> MakeAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        var directory = Value(request, "M=");
        if (request.Arguments[^1] == "modules")
        {
            return Failure("ERROR: modpost: there is no linker here");
        }

        var name = Path.GetFileNameWithoutExtension(request.Arguments[^1]);
        if (!File.Exists($"{directory}/{name}.c"))
        {
            return Failure($"make: *** No rule to make target '{name}.o'.  Stop.");
        }

        var text = $"gcc -Wp,-MMD,{directory}/.{name}.o.d {TinyWorld.Flags} -DMODULE {Value(request, "KCFLAGS=")} "
            + $"-DKBUILD_BASENAME='\"{name}\"' -DKBUILD_MODNAME='\"{name}\"' -c -o {directory}/{name}.o {directory}/{name}.c";
        await File.WriteAllTextAsync($"{directory}/.{name}.o.cmd", $"cmd_{directory}/{name}.o := {text}\n", cancellationToken);
        return await _real.RunAsync(new ProcessRequest("/bin/sh", ["-ec", text]), cancellationToken);
    }

    private static string Value(ProcessRequest request, string variable) =>
        request.Arguments.Single(argument => argument.StartsWith(variable, StringComparison.Ordinal))[variable.Length..];
}
