using LivePatch.Kernel.Special;

namespace LivePatch.Proof;

/// <summary>What functions call for the tracer, which the machine's list of tables names.</summary>
internal static class TracerNames
{
    /// <summary>True for a function that traceable functions call at their entries.</summary>
    public static bool IsTracer(this SpecialSectionCatalog catalog, string name) =>
        catalog.Sections.Any(table => table.Rule == SpecialSectionRule.FtraceSites && table.Callees.Contains(name));
}
