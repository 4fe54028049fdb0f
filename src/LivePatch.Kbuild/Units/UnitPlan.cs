namespace LivePatch.Kbuild.Units;

/// <summary>What to compile for a set of patches.</summary>
/// <param name="Units">Objects of the sources the patches change or add.</param>
/// <param name="Removed">Objects of the sources they remove, which are running.</param>
public sealed record UnitPlan(IReadOnlyList<CompileUnit> Units, IReadOnlyList<string> Removed);
