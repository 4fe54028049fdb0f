namespace LivePatch.Cli.Rendering;

/// <summary>Where a command writes; tests put their own writers here.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Messages.</param>
/// <param name="IsInteractive">True when messages go to a terminal.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive)
{
    /// <summary>The narrowest terminal on which more than plain lines are shown.</summary>
    public const int LeastWidth = 40;

    /// <summary>The process's own.</summary>
    /// <param name="isOutClosed">Standard output was closed before the process began.</param>
    /// <param name="isErrorClosed">Standard error was.</param>
    public static Terminal Of(bool isOutClosed, bool isErrorClosed) => new(
        isOutClosed ? new ClosedWriter() : Console.Out,
        isErrorClosed ? new ClosedWriter() : Console.Error,
        !isErrorClosed && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb")
        && Environment.GetEnvironmentVariable("NO_COLOR") is null);

    /// <summary>The same streams, safe to write anything to.</summary>
    public Terminal Guarded() =>
        this with { Out = Out as OutputWriter ?? new OutputWriter(Out), Error = Error as OutputWriter ?? new OutputWriter(Error) };
}
