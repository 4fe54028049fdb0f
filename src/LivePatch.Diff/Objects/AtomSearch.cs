namespace LivePatch.Diff.Objects;

/// <summary>Binary search in the atoms of one section.</summary>
internal static class AtomSearch
{
    /// <summary>The atom that holds an offset; the section's end belongs to its last atom; null outside.</summary>
    public static Atom? Find(IReadOnlyList<Atom> atoms, ulong offset)
    {
        int low = 0, high = atoms.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (atoms[middle].Start <= offset)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return atoms.Count > 0 && atoms[low].Start <= offset && offset <= atoms[low].End ? atoms[low] : null;
    }
}
