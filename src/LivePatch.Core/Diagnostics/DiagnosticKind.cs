namespace LivePatch.Core.Diagnostics;

/// <summary>What a diagnostic means for the run it was reported in.</summary>
public enum DiagnosticKind
{
    /// <summary>Worth telling; changes nothing.</summary>
    Note,

    /// <summary>The result is usable, and the user should know this about it.</summary>
    Warning,

    /// <summary>The tool could not do its work (bad input, missing package, failed command). Exit code 1.</summary>
    Error,

    /// <summary>The change cannot be livepatched safely. Exit code 2.</summary>
    Refusal,
}
