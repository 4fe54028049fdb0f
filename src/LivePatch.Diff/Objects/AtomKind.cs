namespace LivePatch.Diff.Objects;

/// <summary>What an <see cref="Atom"/> is.</summary>
public enum AtomKind
{
    /// <summary>A function, its prefix padding included.</summary>
    Function,

    /// <summary>A named variable or constant.</summary>
    Object,

    /// <summary>Data without a name: switch tables, compiler constants.</summary>
    Anonymous,

    /// <summary>A section of merged literals; referred to by content.</summary>
    Literals,

    /// <summary>An entry of a special table or a piece of out-of-line code; belongs to functions.</summary>
    Attachment,
}
