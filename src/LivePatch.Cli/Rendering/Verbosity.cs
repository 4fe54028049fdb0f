namespace LivePatch.Cli.Rendering;

/// <summary>How much the console shows.</summary>
internal enum Verbosity
{
    /// <summary>Errors and refusals only (-q).</summary>
    Quiet,

    /// <summary>The result, warnings, and what is being done.</summary>
    Normal,

    /// <summary>Notes and timings too (-v).</summary>
    Verbose,

    /// <summary>Every command and its output too (-vv).</summary>
    Debug,
}
