using LivePatch.Diff.Correlate;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>Which changed constants are replaced by a copy of the new value that their readers get.</summary>
internal sealed class ConstantRule(ObjectPair pair, CorrelationMap map)
{
    /// <summary>True when the patched functions get a copy of their own.</summary>
    public bool IsCopied(Atom patched) =>
        pair is not null && map.OriginalOf(patched) is { } original && IsPure(patched) && IsPure(original);

    /// <summary>
    /// True for constants that hold no address of code or writable data: a function that reads a private copy of
    /// the new value does all the new source says. A table of functions is another matter: running objects
    /// keep pointers to the old one.
    /// </summary>
    public static bool IsPure(Atom atom) =>
        atom.Class == SectionClass.ReadOnlyData
        && !atom.IsGlobal
        && atom.References.All(static reference => reference.Target is { Kind: AtomKind.Literals }
            or { Class: SectionClass.ReadOnlyData } || IsLabel(reference));

    /// <summary>True for the address of a label inside a function, as computed gotos use: only that function's code can
    /// jump there, so such an address means this very version of the function.</summary>
    public static bool IsLabel(in Reference reference) =>
        reference.Target is { Kind: AtomKind.Function, Symbol: { } symbol } function
        && reference.TargetOffset != (long)(symbol.Value - function.Start);
}
