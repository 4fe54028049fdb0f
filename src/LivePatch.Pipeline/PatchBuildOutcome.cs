namespace LivePatch.Pipeline;

/// <summary>How a build ended.</summary>
public enum PatchBuildOutcome
{
    /// <summary>The module is there.</summary>
    Built,

    /// <summary>Something went wrong: bad input, missing package, failed command.</summary>
    Failed,

    /// <summary>The patch cannot be livepatched.</summary>
    Refused,

    /// <summary>The patch changes nothing that runs.</summary>
    NoChange,
}
