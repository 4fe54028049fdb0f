using System.Globalization;
using System.Text.RegularExpressions;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;

namespace LivePatch.Patches;

/// <summary>Reads what GNU patch (2.7) prints, in the C locale, about one file.</summary>
internal static partial class PatchReport
{
    /// <summary>Turns the output into diagnostics.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="file">What it does to the file.</param>
    /// <param name="before">The file's lines before, read as Latin-1.</param>
    /// <param name="result">What GNU patch printed.</param>
    /// <param name="diagnostics">Receives them.</param>
    public static void Read(
        PatchFile patch, PatchedFile file, IReadOnlyList<string> before, ProcessResult result, DiagnosticBag diagnostics)
    {
        var output = result.Output + result.Error;
        var header = DiagnosticLocation.AtLine(patch.Name, file.PatchLine);
        if (output.Contains("Reversed (or previously applied) patch detected", StringComparison.Ordinal))
        {
            diagnostics.Add(
                PatchDiagnostics.AlreadyApplied.At(header, $"{file.Path} already has the text that the patch's first hunk for it makes."));
            return;
        }

        var failed = 0;
        foreach (Match match in HunkMessage().Matches(output))
        {
            if (int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
                && number <= file.Hunks.Count)
            {
                failed += ReadHunk(
                    patch, file, before, number, match.Groups[2].Value.TrimEnd('.', '\r'), failed < PatchLimits.ShownHunks, diagnostics)
                    ? 1
                    : 0;
            }
        }

        if (failed > PatchLimits.ShownHunks)
        {
            diagnostics.Add(PatchDiagnostics.DoesNotApply.At(
                header, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{failed - PatchLimits.ShownHunks} more hunks of {file.Hunks.Count} do not fit {file.Path}.")));
        }

        if (result.TimedOut)
        {
            diagnostics.Add(
                PatchDiagnostics.TooLarge.At(header, $"The places of its {file.Hunks.Count} hunks in {file.Path} were not found in time."));
        }
        else if (!result.Succeeded && failed == 0)
        {
            diagnostics.Add(PatchDiagnostics.DoesNotApply.At(header, $"{file.Path}: {Reason(output)}"));
        }
    }

    /// <returns>True when the hunk failed.</returns>
    private static bool ReadHunk(
        PatchFile patch, PatchedFile file, IReadOnlyList<string> before, int number, string outcome, bool isShown,
        DiagnosticBag diagnostics)
    {
        var hunk = file.Hunks[number - 1];
        var place = DiagnosticLocation.AtLine(patch.Name, hunk.PatchLine);
        if (outcome.StartsWith("FAILED", StringComparison.Ordinal))
        {
            if (!isShown)
            {
                return true;
            }

            diagnostics.Add(PatchDiagnostics.DoesNotApply.At(
                place,
                $"Hunk {number} of {file.Hunks.Count} does not fit {file.Path} near line {hunk.OldStart}. "
                    + $"{HunkMismatch.Describe(hunk, before)}"));
            return true;
        }

        if (outcome.Contains("fuzz", StringComparison.Ordinal))
        {
            diagnostics.Add(
                PatchDiagnostics.Fuzz.At(
                    place, $"Hunk {number} of {file.Hunks.Count} for {file.Path} {outcome}: some of the lines around it differ."));
        }
        else if (outcome.Contains("offset", StringComparison.Ordinal))
        {
            diagnostics.Add(PatchDiagnostics.Offset.At(place, $"Hunk {number} of {file.Hunks.Count} for {file.Path} {outcome}."));
        }

        return false;
    }

    private static string Reason(string output) =>
        output.Contains("as content differs from patch", StringComparison.Ordinal)
            ? "The patch removes the file, whose text is not what the patch says."
            : output.Trim();

    [GeneratedRegex(@"^Hunk #(\d+) (FAILED at.*|succeeded at.*)$", RegexOptions.Multiline)]
    private static partial Regex HunkMessage();
}
