using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;

namespace LivePatch.Build.Patches;

/// <summary>Applies parsed patches with GNU patch, file by file, and puts what it says into diagnostics.</summary>
public static partial class PatchApplier
{
    /// <summary>Applies patches in their order. Files that are not kernel code are left out.</summary>
    /// <returns>What there is to report; fatal when a hunk did not fit. Goes on after a failure, to report every hunk.</returns>
    public static async Task<IReadOnlyList<Diagnostic>> ApplyAsync(
        PatchOverlay overlay, IReadOnlyList<PatchFile> patches, IProcessRunner runner, CancellationToken cancellationToken)
    {
        var diagnostics = new DiagnosticBag();
        foreach (var patch in patches)
        {
            foreach (var file in patch.Files.Where(static file => PatchClassifier.IsKernelCode(file.Path)))
            {
                await ApplyAsync(overlay, patch, file, runner, diagnostics, cancellationToken).ConfigureAwait(false);
            }
        }

        return diagnostics;
    }

    private static async Task ApplyAsync(
        PatchOverlay overlay, PatchFile patch, PatchedFile file, IProcessRunner runner, DiagnosticBag diagnostics, CancellationToken cancellationToken)
    {
        var place = DiagnosticLocation.AtLine(patch.Name, file.PatchLine);
        var path = Path.Combine(overlay.Root, file.NewPath);
        if (file.Kind != PatchedFileKind.Added && !File.Exists(Path.Combine(overlay.Root, file.OldPath)))
        {
            diagnostics.Add(PatchDiagnostics.FileMissing.At(place, $"The kernel source has no {file.OldPath}."));
            return;
        }

        if (file.Kind == PatchedFileKind.Added && File.Exists(path))
        {
            diagnostics.Add(PatchDiagnostics.AlreadyApplied.At(place, $"It adds {file.NewPath}, which exists."));
            return;
        }

        overlay.EnsureRealFile(file.OldPath);
        overlay.EnsureRealFile(file.NewPath);
        if (file.Kind == PatchedFileKind.Renamed)
        {
            File.Move(Path.Combine(overlay.Root, file.OldPath), path, overwrite: true);
        }

        if (file.Hunks.Count == 0)
        {
            return;
        }

        var result = await runner.RunAsync(
            new ProcessRequest("patch", ["-p1", "--batch", "--forward", "--no-backup-if-mismatch", "--reject-file=-", "--posix"])
            {
                WorkingDirectory = overlay.Root,
                StandardInput = Text(file, HasDosLines(path)),
                Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C", ["PATCH_VERSION_CONTROL"] = "none" },
            },
            cancellationToken).ConfigureAwait(false);
        Report(patch, file, result, diagnostics);
    }

    /// <summary>The change in one plain form, whatever dialect it came in.</summary>
    private static string Text(PatchedFile file, bool dosLines)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"--- {(file.Kind == PatchedFileKind.Added ? "/dev/null" : "a/" + file.NewPath)}\n");
        text.Append(CultureInfo.InvariantCulture, $"+++ {(file.Kind == PatchedFileKind.Deleted ? "/dev/null" : "b/" + file.NewPath)}\n");
        foreach (var hunk in file.Hunks)
        {
            text.Append(CultureInfo.InvariantCulture, $"@@ -{hunk.OldStart},{hunk.OldCount} +{hunk.NewStart},{hunk.NewCount} @@\n");
            foreach (var line in hunk.Lines)
            {
                // Lines were read byte by byte; they go out as UTF-8 only if they came as such.
                text.Append(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(line))).Append(dosLines && line[0] != '\\' ? "\r\n" : "\n");
            }
        }

        return text.ToString();
    }

    private static bool HasDosLines(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var reader = new StreamReader(path);
        var buffer = new char[4096];
        var text = new string(buffer, 0, reader.Read(buffer, 0, buffer.Length));
        return text.Contains("\r\n", StringComparison.Ordinal);
    }

    private static void Report(PatchFile patch, PatchedFile file, ProcessResult result, DiagnosticBag diagnostics)
    {
        var output = result.Output + result.Error;
        if (output.Contains("Reversed (or previously applied) patch detected", StringComparison.Ordinal))
        {
            diagnostics.Add(PatchDiagnostics.AlreadyApplied.At(DiagnosticLocation.AtLine(patch.Name, file.PatchLine), $"{file.Path} already has the change."));
            return;
        }

        var reported = false;
        foreach (Match match in HunkMessage().Matches(output))
        {
            var number = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            if (number < 1 || number > file.Hunks.Count)
            {
                continue;
            }

            var hunk = file.Hunks[number - 1];
            var place = DiagnosticLocation.AtLine(patch.Name, hunk.PatchLine);
            var rest = match.Groups[2].Value;
            if (rest.StartsWith("FAILED", StringComparison.Ordinal))
            {
                reported = true;
                var expected = string.Join('\n', hunk.Lines.Where(static line => line[0] != '+').Take(6).Select(static line => "    " + line[1..]));
                diagnostics.Add(PatchDiagnostics.DoesNotApply.At(place, $"Hunk {number} of {file.Hunks.Count} does not fit {file.Path} near line {hunk.OldStart}. It expects:\n{expected}"));
            }
            else if (rest.Contains("fuzz", StringComparison.Ordinal))
            {
                diagnostics.Add(PatchDiagnostics.Fuzz.At(place, $"Hunk {number} of {file.Path} {rest.TrimEnd('.')}."));
            }
            else if (rest.Contains("offset", StringComparison.Ordinal))
            {
                diagnostics.Add(PatchDiagnostics.Offset.At(place, $"Hunk {number} of {file.Path} {rest.TrimEnd('.')}."));
            }
        }

        if (!result.Succeeded && !reported)
        {
            diagnostics.Add(PatchDiagnostics.DoesNotApply.At(
                DiagnosticLocation.AtLine(patch.Name, file.PatchLine), $"{file.Path}: {output.Trim()}"));
        }
    }

    [GeneratedRegex(@"Hunk #(\d+) (FAILED at.*|succeeded at.*)")]
    private static partial Regex HunkMessage();
}
