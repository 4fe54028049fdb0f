namespace LivePatch.Cli;

/// <summary>Exit codes, part of the command line's contract.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>An error: bad input, a missing package, a failed command.</summary>
    Error = 1,

    /// <summary>The patch cannot be livepatched.</summary>
    NotLivepatchable = 2,

    /// <summary>The patch changes nothing that runs.</summary>
    NoChange = 3,

    /// <summary>Interrupted by a signal.</summary>
    Interrupted = 130,
}
