using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>Decides whether two functions differ only in source line numbers.</summary>
internal interface ILineNumberRule
{
    /// <summary>True when every byte that differs belongs to a line number.</summary>
    bool OnlyLinesDiffer(Atom original, Atom patched);
}
