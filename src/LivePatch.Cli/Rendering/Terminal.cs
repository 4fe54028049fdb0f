namespace LivePatch.Cli.Rendering;

/// <summary>Where a command writes; tests put their own writers here.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Messages.</param>
/// <param name="IsInteractive">True when messages go to a terminal.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive)
{
    /// <summary>The process's own.</summary>
    public static Terminal Process =>
        new(Console.Out, Console.Error, !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb") && Environment.GetEnvironmentVariable("NO_COLOR") is null);
}
