using System.Text;
using System.Text.RegularExpressions;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Patches;

namespace LivePatch.Kbuild.Makefiles;

/// <summary>
/// Decides about changed makefiles and Kconfig files by what they do, not by where the patch touches them.
///
/// The file before and after is compared without comments and white space; Kconfig also without help texts and prompts.
/// What is left must be plain lists or conditions on the configuration (<see cref="MakefileGrammar"/>), so that make can tell the effect by
/// reading both versions. The only effects that fit a livepatch are objects that come with a source the patch adds, objects that go with
/// a source it removes, and what concerns neither this configuration. All others are refused with their names: flags of
/// running code, objects that are there already, new modules.
///
/// All files are judged as text before make reads one, and then none is there any more as the patch has it: those without effect are the
/// kernel's own again, and the others are written anew (<see cref="MakefileChange"/>).
/// </summary>
/// <param name="baseTree">The unpatched tree.</param>
/// <param name="patchedTree">The patched tree; its makefiles and Kconfig files are replaced.</param>
/// <param name="runner">Runs make.</param>
/// <param name="diagnostics">Receives refusals and notes.</param>
public sealed partial class BuildFileJudge(string baseTree, string patchedTree, IProcessRunner runner, DiagnosticBag diagnostics)
{
    /// <summary>The names Kbuild looks for in a directory; the first one that is there is read, and the other is not.</summary>
    private static readonly string[] MakefileNames = ["Kbuild", "Makefile"];

    /// <summary>Variables that name programs which Kbuild compiles for the machine it runs on.</summary>
    private static readonly string[] ProgramLists = ["hostprogs", "hostprogs-y", "hostprogs-always-y", "userprogs", "userprogs-always-y"];

    /// <summary>Judges all build files of a set of patches.</summary>
    /// <param name="plan">The patches' plan.</param>
    /// <param name="cancellationToken">Ends make.</param>
    public async Task JudgeAsync(PatchPlan plan, CancellationToken cancellationToken)
    {
        var changes = new List<(string Path, DiagnosticLocation Place, MakefileChange Change)>();
        foreach (var (path, place) in plan.BuildFiles)
        {
            if (Path.GetFileName(path).StartsWith("Kconfig", StringComparison.Ordinal))
            {
                JudgeKconfig(path, place);
            }
            else if (JudgeMakefile(path, place) is { } change)
            {
                changes.Add((path, place, change));
            }
        }

        // Nothing of a patch that is refused is read by make.
        foreach (var (path, _) in plan.BuildFiles)
        {
            var change = changes.Find(item => item.Path == path).Change;
            Write(path, diagnostics.HasFatal ? null : change?.Text());
        }

        if (diagnostics.HasFatal)
        {
            return;
        }

        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, place, _) in changes)
        {
            if (await EvaluateAsync(path, place, plan, cancellationToken).ConfigureAwait(false))
            {
                kept.Add(path);
            }
        }

        foreach (var (path, _, _) in changes.Where(item => diagnostics.HasFatal || !kept.Contains(item.Path)))
        {
            Write(path, null);
        }
    }

    private void JudgeKconfig(string path, DiagnosticLocation place)
    {
        var (old, @new) = (KconfigStatements.Read(Text(baseTree, path)), KconfigStatements.Read(Text(patchedTree, path)));
        if (old.SequenceEqual(@new))
        {
            diagnostics.Add(PatchDiagnostics.Ignored.At(place, $"{path} changes in texts for people only."));
            return;
        }

        // Prompts are without their texts here, and may be the only lines that changed otherwise.
        var removed = old.Except(@new).FirstOrDefault();
        var added = @new.Except(old).FirstOrDefault();
        diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path} changes what can be configured: {Difference(removed, added)}."));
    }

    /// <summary>Judges a makefile as text.</summary>
    /// <returns>Its change when make can tell the effect of it; null when there is none, or it was refused.</returns>
    private MakefileChange? JudgeMakefile(string path, DiagnosticLocation place)
    {
        if (MakefileChange.TryFind(Text(baseTree, path), Text(patchedTree, path)) is not { } change)
        {
            diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path} changes in more lines than can be compared."));
            return null;
        }

        if (Shadow(path) is { } shadow)
        {
            diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path}: {shadow}."));
            return null;
        }

        if (change.IsNone)
        {
            diagnostics.Add(PatchDiagnostics.Ignored.At(place, $"{path} changes in comments and white space only."));
            return null;
        }

        var difference = Difference(change.Removed is [var removed, ..] ? removed : null, change.Added is [var added, ..] ? added : null);
        if (!IsOfDirectory(path))
        {
            diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path} decides how everything is built: {difference}."));
            return null;
        }

        if (change.Objection() is { } objection)
        {
            diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path} {objection}."));
            return null;
        }

        // Variables show what conditions do; rules inside them do not show.
        if (change.HasRecipes && change.Changed.Any(MakefileGrammar.IsCondition))
        {
            diagnostics.Add(
                PatchDiagnostics.BuildFiles.At(place, $"{path} has rules of its own, and its conditions change: {difference}."));
            return null;
        }

        return change;
    }

    /// <summary>Where a patch has Kbuild read another file of the directory than before, or changes one that it does not read.</summary>
    private string? Shadow(string path)
    {
        var directory = Path.GetDirectoryName(path) ?? string.Empty;
        if (!MakefileNames.Contains(Path.GetFileName(path)))
        {
            return null;
        }

        string? Effective(string tree) => Array.Find(MakefileNames, name => File.Exists(Path.Combine(tree, directory, name)));
        var (old, @new) = (Effective(baseTree), Effective(patchedTree));
        return old is not null && @new is not null && old != @new
            ? $"Kbuild would read {directory}/{@new} in the place of {directory}/{old}"
            : null;
    }

    /// <returns>True when the file has something for what is compiled.</returns>
    private async Task<bool> EvaluateAsync(string path, DiagnosticLocation place, PatchPlan plan, CancellationToken cancellationToken)
    {
        var evaluator = new MakefileEvaluator(runner, patchedTree + ".mk");
        var (oldValues, oldError) = await evaluator.ReadAsync(baseTree, path, cancellationToken).ConfigureAwait(false);
        var (newValues, newError) = await evaluator.ReadAsync(patchedTree, path, cancellationToken).ConfigureAwait(false);
        if (oldValues is null || newValues is null)
        {
            diagnostics.Add(PatchDiagnostics.BuildFiles.At(place, $"{path} cannot be read by make: {oldError}{newError}."));
            return false;
        }

        return Compare(path, place, oldValues, newValues, plan);
    }

    private bool Compare(
        string path,
        DiagnosticLocation place,
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> after,
        PatchPlan plan)
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
                if (!(
                    ofObject.Success && plan.SourceFiles.Contains(Source(directory, ofObject.Groups[1].Value))
                        && IsNew(Source(directory, ofObject.Groups[1].Value))))
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

        return explained.Count > 0;
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

        if (ProgramLists.Any(
            name =>
                Words(after.GetValueOrDefault(name, string.Empty)).Any(program => list == $"{program}-objs" || list == $"{program}-y")))
        {
            return ", which is a program of the kernel's build and would be run";
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
        !word.EndsWith('/')
            && (plan.DeletedSources.Contains(Source(directory, word)) || plan.Renamed.Values.Contains(Source(directory, word)))
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

    private static string Difference(string? removed, string? added) => (removed, added) switch
    {
        (null, null) => "the order of its statements",
        (null, _) => $"'{added}' is new",
        (_, null) => $"'{removed}' is gone",
        _ when removed == added => $"'{removed}' is moved",
        _ => $"'{removed}' becomes '{added}'",
    };

    /// <summary>Puts a text in the place of a file of the patched tree; null for the unpatched tree's own.</summary>
    private void Write(string path, string? text)
    {
        string own = Path.Combine(baseTree, path), file = Path.Combine(patchedTree, path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.Delete(file);
            if (text is not null && (text.Length > 0 || File.Exists(own)))
            {
                File.WriteAllText(file, text, Encoding.Latin1);
            }
            else if (text is null && File.Exists(own))
            {
                File.CreateSymbolicLink(file, own);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(file, problem.Message));
        }
    }

    private static string Text(string tree, string path)
    {
        var file = Path.Combine(tree, path);
        return File.Exists(file) ? File.ReadAllText(file, Encoding.Latin1) : string.Empty;
    }

    [GeneratedRegex(@"^(?:[A-Z_]+)_([\w\-.]+\.o)$")]
    private static partial Regex OfObject();
}
