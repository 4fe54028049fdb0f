namespace LivePatch.Kbuild.Headers;

/// <summary>Where the compiler looks for an included name.</summary>
public enum IncludeKind : byte
{
    /// <summary>"name": beside the including file first, then along the search path.</summary>
    Quoted,

    /// <summary>&lt;name&gt;: along the search path.</summary>
    Angled,

    /// <summary>Not known: any file the name fits.</summary>
    Anywhere,
}
