namespace LivePatch.Core.Processes;

/// <summary>A program to run.</summary>
/// <param name="Program">Name looked up in PATH, or an absolute path.</param>
/// <param name="Arguments">Arguments, passed as they are: no shell is involved.</param>
public sealed record ProcessRequest(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Working directory; null for the caller's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables set on top of the caller's environment; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Text for standard input; null for an empty one.</summary>
    public string? StandardInput { get; init; }

    /// <summary>Ends the program when it runs longer; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Called for each line of output as it arrives (standard output and error alike), from any thread.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>The command as a user could type it, for logs.</summary>
    public string CommandLine =>
        string.Join(' ', new[] { Program }.Concat(Arguments).Select(ShellText.Quote));
}
