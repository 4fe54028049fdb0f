using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild.Makefiles;
using LivePatch.Patches;

namespace LivePatch.Kbuild.Units;

/// <summary>Finds the objects of changed, added, renamed and removed sources, and refuses where makefile and source do not
/// agree: what the makefile lists must exist, and what is to run must be listed.</summary>
/// <param name="baseTree">The unpatched tree.</param>
/// <param name="built">What it builds.</param>
/// <param name="patchedTree">The patched tree.</param>
/// <param name="diagnostics">Receives what is refused or left out.</param>
public sealed class UnitPlanner(string baseTree, IBuiltObjects built, string patchedTree, DiagnosticBag diagnostics)
{
    private readonly List<(string Source, string Reason)> _leftOut = [];

    /// <summary>Finds them.</summary>
    public UnitPlan Plan(PatchPlan plan)
    {
        var units = new List<CompileUnit>();
        foreach (var source in plan.SourceFiles)
        {
            units.AddRange(File.Exists(Path.Combine(baseTree, source)) ? Existing(source) : Added(source, plan));
        }

        var removed = plan.DeletedSources.Where(IsRemoved).Select(ObjectOf).ToList();

        // A fix often touches other architectures and drivers as well. That this kernel has none of them matters only when there is nothing
        // else.
        var isAll = units.Count + removed.Count + plan.Headers.Count == 0;
        diagnostics.AddRange(_leftOut.Select(item => isAll
            ? BuildDiagnostics.NotBuilt.At(item.Source, item.Reason)
            : BuildFileDiagnostics.ChangedFileNotBuilt.At(
                item.Source, $"Its change is left out: this kernel has no code of it. {item.Reason}")));
        return new UnitPlan([.. units.DistinctBy(static unit => unit.Object)], removed);
    }

    private IEnumerable<CompileUnit> Existing(string source)
    {
        if (built.WhyNotBuilt(source) is { } reason)
        {
            if (KbuildRules.ProgramOf(baseTree, source) is { } program)
            {
                diagnostics.Add(
                    BuildFileDiagnostics.ProgramChanged.At(
                        source, $"It is compiled into {program}, which runs while the kernel is built and makes a part of it."));
                yield break;
            }

            _leftOut.Add((source, reason));
            yield break;
        }

        foreach (var item in built.ObjectsOf(source))
        {
            // Code of an archive that only includes the source as text may well stay the same (the decompressors of the boot under lib/).
            if (item == ObjectOf(source) && built.IsLibrary(item))
            {
                diagnostics.Add(BuildDiagnostics.LibraryObject.At(source, "Its directory's makefile puts it into lib.a (lib-y)."));
            }

            yield return new CompileUnit(item, item);
        }
    }

    private IEnumerable<CompileUnit> Added(string source, PatchPlan plan)
    {
        var own = ObjectOf(source);
        var objects = KbuildRules.ObjectsOf(patchedTree, source);
        if (!objects.SequenceEqual([own]))
        {
            // Other sources include it as text.
            return objects.Select(
                item => new CompileUnit(item, File.Exists(Path.Combine(baseTree, Path.ChangeExtension(item, ".c"))) ? item : null));
        }

        var origin = plan.Renamed.GetValueOrDefault(source);
        var isOriginBuilt = origin is not null && built.IsBuilt(origin);
        if (!KbuildRules.IsListed(patchedTree, own))
        {
            if (isOriginBuilt)
            {
                diagnostics.Add(
                    BuildFileDiagnostics.MakefileLacksChange.At(
                        source, $"The patch renames {origin} to it, and no makefile of the patch says so."));
            }
            else
            {
                diagnostics.Add(
                    BuildFileDiagnostics.NewFileNotBuilt.At(
                        source, $"The makefile of {Path.GetDirectoryName(source)} does not list {Path.GetFileName(own)}."));
            }

            return [];
        }

        if (KbuildRules.WhyNotBuilt(patchedTree, own) is { } reason)
        {
            diagnostics.Add(BuildFileDiagnostics.NewFileNotBuilt.At(source, reason));
            return [];
        }

        if (KbuildRules.IsLibraryObject(patchedTree, own))
        {
            diagnostics.Add(BuildDiagnostics.LibraryObject.At(source, "Its directory's makefile puts it into lib.a (lib-y)."));
        }

        return [new CompileUnit(own, isOriginBuilt ? ObjectOf(origin!) : null)];
    }

    /// <summary>True when the removed source's code is in the running kernel as an object of its own.</summary>
    private bool IsRemoved(string source)
    {
        var own = ObjectOf(source);
        if (KbuildRules.IsListed(patchedTree, own))
        {
            diagnostics.Add(
                BuildFileDiagnostics.MakefileLacksChange.At(
                    source,
                    $"The patch removes it, and the makefile of {Path.GetDirectoryName(source)} still lists {Path.GetFileName(own)}."));
            return false;
        }

        // What was only included by others is gone from their objects, which are compiled.
        return built.IsBuilt(source);
    }

    private static string ObjectOf(string source) => Path.ChangeExtension(source, ".o");
}
