using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Select;

/// <summary>
/// Tables that the linker collects from all objects: whatever is neither code nor plain data and has no rule of its own.
///
/// Headers invent such sections (struct cpu_dev, clock and firmware tables, fixups of devices), and a list of them would never be
/// complete. But all have a name that no compiler gives, and none of them can be extended, changed or cut by a module: the
/// kernel walks its own table between two addresses.
/// </summary>
internal static class CollectedTables
{
    /// <summary>True for an entry, or all of the object's entries where they have no names.</summary>
    public static bool Contains(Atom atom) =>
        atom.Kind is AtomKind.Object or AtomKind.Anonymous && atom.Class is SectionClass.Data or SectionClass.ReadOnlyData
        && atom.Section.Name != ".BTF_ids"
        && !PlainSections.Contains(atom.Section.Name);
}
