using System.Text;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;

namespace LivePatch.Kbuild.Headers;

/// <summary>
/// Drops the objects for which the preprocessed text is the same before and after, or differs only in inline functions that the object does
/// not use (<see cref="InlineUse"/>): the compiler would make the same code. That takes a fraction of the
/// two compiles, and no object of a header's candidates that a condition or an unused macro keeps from changing is compiled.
///
/// Line numbers count for nothing here (see <see cref="PreprocessorCommand.Request"/>): a livepatch does not replace functions for them.
/// An object that cannot be preprocessed stays: its compile tells what is wrong.
/// </summary>
/// <param name="runner">Runs the preprocessor.</param>
/// <param name="progress">Told how far it is.</param>
/// <param name="inlines">What the headers change, where that is inline functions only: then a source that names one of them needs no
/// preprocessor, and the others only the one of the patched tree.</param>
public sealed class PreprocessFilter(IProcessRunner runner, IBuildProgress progress, InlineChange? inlines = null)
{
    /// <summary>The objects whose text changes, in the order they came.</summary>
    /// <param name="objects">The candidates.</param>
    /// <param name="before">The unpatched tree's root.</param>
    /// <param name="after">The patched tree's root.</param>
    /// <param name="temporary">A directory for the texts.</param>
    /// <param name="jobs">Preprocessors at a time.</param>
    /// <param name="cancellationToken">Ends them.</param>
    public async Task<IReadOnlyList<HeaderObject>> ChangedAsync(
        IReadOnlyList<HeaderObject> objects, string before, string after, string temporary, int jobs, CancellationToken cancellationToken)
    {
        var changed = new bool[objects.Count];
        var counter = new WorkCounter(progress, "looking for changes in", objects.Count);
        Directory.CreateDirectory(temporary);
        await Parallel.ForAsync(0, objects.Count, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, jobs), CancellationToken = cancellationToken }, async (index, token) =>
        {
            var text = Path.Combine(temporary, $"{index}.i");
            changed[index] = await IsChangedAsync(objects[index], before, after, text, token).ConfigureAwait(false);
            counter.Done(objects[index].Path);
        }).ConfigureAwait(false);
        return [.. objects.Where((_, index) => changed[index])];
    }

    private async Task<bool> IsChangedAsync(
        HeaderObject item, string before, string after, string text, CancellationToken cancellationToken)
    {
        if (PreprocessorCommand.TryParse(item.Command, before) is not { } command)
        {
            return true;
        }

        var isC = Path.GetExtension(item.Source) == ".c";
        if (isC && inlines is not null && NamesOne(Path.Combine(after, item.Source), inlines.Users))
        {
            return true;
        }

        var (old, other) = (text, text + ".patched");
        try
        {
            if (!await PreprocessAsync(item, command.Request(after, other), cancellationToken).ConfigureAwait(false))
            {
                return true;
            }

            var otherText = File.ReadAllBytes(other);
            if (isC && inlines is not null && InlineUse.Uses(Encoding.Latin1.GetString(otherText), inlines.Changed) is { } uses)
            {
                return uses;
            }

            if (!await PreprocessAsync(item, command.Request(before, old), cancellationToken).ConfigureAwait(false))
            {
                return true;
            }

            var oldText = File.ReadAllBytes(old);
            return !SourceText.IsSameTokens(oldText, otherText)
                && !(isC && InlineUse.IsUnaffected(Encoding.Latin1.GetString(oldText), Encoding.Latin1.GetString(otherText)));
        }
        finally
        {
            File.Delete(old);
            File.Delete(other);
        }
    }

    private async Task<bool> PreprocessAsync(HeaderObject item, ProcessRequest request, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            progress.Log($"{item.Path} cannot be preprocessed: {result.Error}");
        }

        return result.Succeeded;
    }

    private static bool NamesOne(string source, IReadOnlySet<string> functions) =>
        File.Exists(source) && new TopLevelItem(File.ReadAllText(source), null).Words().Any(functions.Contains);
}
