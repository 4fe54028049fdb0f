using System.Text.RegularExpressions;
using LivePatch.Build.Patches;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;

namespace LivePatch.Build.BuildFiles;

/// <summary>
/// Decides about changed makefiles and Kconfig files by what they do, not by where the patch touches them.
///
/// The file before and after is compared without comments and white space; Kconfig also without help texts and prompts.
/// What is left must be plain lists or conditions on the configuration, so that make can tell the effect by reading both
/// versions. The only effects that fit a livepatch are objects that come with a source the patch adds, objects that go with
/// a source it removes, and what concerns neither this configuration. All others are refused with their names: flags of
/// running code, objects that are there already, new modules.
/// </summary>
/// <param name="baseTree">The unpatched tree.</param>
/// <param name="patchedTree">The patched tree.</param>
/// <param name="runner">Runs make.</param>
/// <param name="diagnostics">Receives refusals and notes.</param>
public sealed partial class BuildFileJudge(string baseTree, string patchedTree, IProcessRunner runner, DiagnosticBag diagnostics)
{
    /// <summary>Judges all build files of a set of patches.</summary>
    /// <param name="plan">The patches' plan.</param>
    /// <param name="cancellationToken">Ends make.</param>
    public async Task JudgeAsync(PatchPlan plan, CancellationToken cancellationToken)
    {
        foreach (var (path, place) in plan.BuildFiles)
        {
            var before = Text(baseTree, path);
            var after = Text(patchedTree, path);
            if (Path.GetFileName(path).StartsWith("Kconfig", StringComparison.Ordinal))
            {
                JudgeKconfig(path, place, before, after);
            }
            else
            {
                await JudgeMakefileAsync(path, place, before, after, plan, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void JudgeKconfig(string path, DiagnosticLocation place, string before, string after)
    {
        var (old, @new) = (KconfigStatements.Read(before), KconfigStatements.Read(after));
        if (old.SequenceEqual(@new))
        {
            diagnostics.Add(PatchDiagnostics.Ignored.At(place, $"{path} changes in texts for people only."));
            return;
        }

        var first = FirstDifference(old, @new);
        diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path} changes what can be configured: {first}."));
    }

    private async Task JudgeMakefileAsync(string path, DiagnosticLocation place, string before, string after, PatchPlan plan, CancellationToken cancellationToken)
    {
        var (old, @new) = (MakefileText.Lines(before), MakefileText.Lines(after));
        if (old.SequenceEqual(@new))
        {
            diagnostics.Add(PatchDiagnostics.Ignored.At(place, $"{path} changes in comments and white space only."));
            return;
        }

        if (!IsOfDirectory(path))
        {
            diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path} decides how everything is built: {FirstDifference(old, @new)}."));
            return;
        }

        if (Changed(old, @new).FirstOrDefault(static line => !MakefileText.IsPlain(line)) is { } other)
        {
            diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path} changes in more than plain lists of objects: '{other}'."));
            return;
        }

        // Variables show what conditions do; rules inside them do not show.
        var changed = Changed(old, @new).ToList();
        if (old.Any(static line => line.StartsWith('\t')) && (changed.Count == 0 || changed.Exists(MakefileText.IsCondition)))
        {
            diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path} has rules of its own, and its conditions or the order of its statements change: {FirstDifference(old, @new)}."));
            return;
        }

        var evaluator = new MakefileEvaluator(runner);
        var (oldValues, oldError) = await evaluator.ReadAsync(baseTree, path, cancellationToken).ConfigureAwait(false);
        var (newValues, newError) = await evaluator.ReadAsync(patchedTree, path, cancellationToken).ConfigureAwait(false);
        if (oldValues is null || newValues is null)
        {
            diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path} cannot be read by make: {oldError}{newError}."));
            return;
        }

        Compare(path, place, oldValues, newValues, plan);
    }

    private void Compare(string path, DiagnosticLocation place, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after, PatchPlan plan)
    {
        var directory = Path.GetDirectoryName(path) ?? string.Empty;
        var effects = new List<string>();
        var explained = new List<string>();
        foreach (var name in before.Keys.Union(after.Keys).Where(static name => !IsDisabled(name)).Order(StringComparer.Ordinal))
        {
            var (old, @new) = (before.GetValueOrDefault(name, string.Empty), after.GetValueOrDefault(name, string.Empty));
            if (old == @new)
            {
                continue;
            }

            if (!IsList(name))
            {
                var ofObject = OfObject().Match(name);
                if (!(ofObject.Success && plan.SourceFiles.Contains(Source(directory, ofObject.Groups[1].Value)) && IsNew(Source(directory, ofObject.Groups[1].Value))))
                {
                    effects.Add($"{name} is '{old}' before and '{@new}' after");
                }

                continue;
            }

            var (oldWords, newWords) = (Words(old), Words(@new));
            foreach (var word in newWords.Except(oldWords))
            {
                Explain(WhyAdded(directory, name, word, plan, after), $"{name} gets {word}", effects, explained);
            }

            foreach (var word in oldWords.Except(newWords))
            {
                Explain(WhyRemoved(directory, word, plan), $"{name} loses {word}", effects, explained);
            }
        }

        if (effects.Count > 0)
        {
            diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path} changes what is built, or how: {string.Join("; ", effects)}."));
        }
        else
        {
            diagnostics.Add(PatchDiagnostics.Ignored.At(place, explained.Count > 0
                ? $"{path}: {string.Join("; ", explained)}, which the patch does with the source too."
                : $"{path} changes nothing in this kernel's configuration."));
        }
    }

    private static void Explain(string? objection, string effect, List<string> effects, List<string> explained)
    {
        if (objection is null)
        {
            explained.Add(effect);
        }
        else
        {
            effects.Add($"{effect}{objection}");
        }
    }

    /// <summary>Why an object in a list is not just that of a new source; null when it is.</summary>
    private string? WhyAdded(string directory, string list, string word, PatchPlan plan, IReadOnlyDictionary<string, string> after)
    {
        if (word.EndsWith('/'))
        {
            var makefile = Makefiles(directory, word).FirstOrDefault(file => File.Exists(Path.Combine(patchedTree, file)));
            return makefile is not null && !Makefiles(directory, word).Any(file => File.Exists(Path.Combine(baseTree, file)))
                ? null
                : ", a directory that is not the patch's own";
        }

        if (list is "obj-m" or "subdir-m")
        {
            return ", a new module, which is built and loaded by itself and not by a livepatch";
        }

        var source = Source(directory, word);
        if (File.Exists(Path.Combine(patchedTree, source)))
        {
            return IsNew(source) && plan.SourceFiles.Contains(source) ? null : $", whose source {source} was not built before";
        }

        // An object without a source of its own has parts; all must be new.
        var stem = Path.GetFileNameWithoutExtension(word);
        var parts = Words($"{after.GetValueOrDefault(stem + "-y")} {after.GetValueOrDefault(stem + "-objs")}");
        return list == "obj-y" && parts.Length > 0 && parts.All(part => IsNew(Source(directory, part)))
            ? null
            : $", and the patch does not add {source}";
    }

    /// <summary>Why an object's going is not just that of its source; null when it is.</summary>
    private static string? WhyRemoved(string directory, string word, PatchPlan plan) =>
        !word.EndsWith('/') && (plan.DeletedSources.Contains(Source(directory, word)) || plan.Renamed.Values.Contains(Source(directory, word)))
            ? null
            : ", whose code is running";

    private bool IsNew(string source) => !File.Exists(Path.Combine(baseTree, source)) && File.Exists(Path.Combine(patchedTree, source));

    private static string[] Makefiles(string directory, string word) =>
        [Path.Combine(directory, word, "Makefile"), Path.Combine(directory, word, "Kbuild")];

    private static string Source(string directory, string word) => Path.ChangeExtension(Path.Combine(directory, word), ".c");

    /// <summary>A list of objects: obj-y, lib-y, NAME-y, NAME-objs, subdir-y.</summary>
    private static bool IsList(string name) =>
        (name.EndsWith("-y", StringComparison.Ordinal) || name.EndsWith("-m", StringComparison.Ordinal) || name.EndsWith("-objs", StringComparison.Ordinal)
            || name.StartsWith("obj-", StringComparison.Ordinal))
        && !name.EndsWith("flags-y", StringComparison.Ordinal);

    /// <summary>What an option that is off collects: "obj-", "obj-n".</summary>
    private static bool IsDisabled(string name) => name.EndsWith('-') || name.EndsWith("-n", StringComparison.Ordinal);

    /// <summary>Makefiles that list the objects of one directory, as against those that set the rules for all.</summary>
    private static bool IsOfDirectory(string path) =>
        path.Split('/') is not ([_] or ["scripts", ..] or ["arch", _, _]) and [.., "Makefile" or "Kbuild"];

    private static string[] Words(string text) => text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Lines that one version has more often than the other.</summary>
    private static IEnumerable<string> Changed(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (lines, step) in ((IReadOnlyList<string>, int)[])[(before, 1), (after, -1)])
        {
            foreach (var line in lines)
            {
                counts[line] = counts.GetValueOrDefault(line) + step;
            }
        }

        return counts.Where(static pair => pair.Value != 0).Select(static pair => pair.Key);
    }

    private static string FirstDifference(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var changed = Changed(before, after).ToList();
        var added = changed.Find(line => after.Contains(line, StringComparer.Ordinal));
        var removed = changed.Find(line => before.Contains(line, StringComparer.Ordinal));
        return (removed, added) switch
        {
            (null, null) => "the order of its statements",
            (null, _) => $"'{added}' is new",
            (_, null) => $"'{removed}' is gone",
            _ => $"'{removed}' becomes '{added}'",
        };
    }

    private static string Text(string tree, string path)
    {
        var file = Path.Combine(tree, path);
        return File.Exists(file) ? File.ReadAllText(file) : string.Empty;
    }

    [GeneratedRegex(@"^(?:[A-Z_]+)_([\w\-.]+\.o)$")]
    private static partial Regex OfObject();
}
