namespace LivePatch.Corpus;

/// <summary>What came of a pair.</summary>
internal enum CorpusVerdict
{
    /// <summary>Functions were replaced or added, and the output verified.</summary>
    Changed,

    /// <summary>Nothing that runs changed.</summary>
    NoChange,

    /// <summary>The change cannot be livepatched.</summary>
    Refused,

    /// <summary>The engine could not read an object or made an output its own verifier rejects: a defect.</summary>
    Error,

    /// <summary>An exception: a defect.</summary>
    Crash,
}
