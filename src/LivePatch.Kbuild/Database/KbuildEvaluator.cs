using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Trees;

namespace LivePatch.Kbuild.Database;

/// <summary>
/// Has make evaluate the kernel's makefiles without building.
///
/// Reading makefiles as text gives no dependable answer: flags, lists of objects and even directories are computed.
/// "make -n" of the whole kernel is dependable, but asks the shell and compiler again in every directory, takes 40 s, prints module
/// objects in another form than built-in ones, and cannot be asked for one directory. So the work is parted at the seam that
/// Kbuild itself has: the top Makefile exports its variables, and scripts/Makefile.build reads one directory with them. The first
/// is asked once per kernel (Rules/environment.mk). Then a makefile of ours (Rules/directory.mk) takes the place of Makefile.build: it
/// includes it and replaces the macros that run commands by ones that write the command down. With -n nothing else
/// runs either. A directory takes some 50 ms, a distribution's whole kernel some 25 s of processor time on all cores.
///
/// Limits: an object whose prerequisites the tree can neither have nor make has owners but no command.
/// </summary>
internal sealed partial class KbuildEvaluator(KbuildSettings settings, IProcessRunner runner, IBuildProgress progress)
{
    /// <summary>What make sets for its children; it sets them anew.</summary>
    private static readonly string[] MakesOwn = [
        "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEFILES", "MAKEOVERRIDES", "GNUMAKEFLAGS", "PWD", "OLDPWD", "SHLVL", "_"];

    private static readonly string[] Quiet = ["--no-print-directory"];

    /// <summary>Asks the top Makefile and leaves its answer in a directory for <see cref="KbuildTop.Join"/>.</summary>
    /// <exception cref="DiagnosticException">make fails (LP0332).</exception>
    public async Task EvaluateTopAsync(string output, CancellationToken cancellationToken)
    {
        var rules = WriteRules(output, "environment.mk");
        var environment = CleanEnvironment();
        environment["MAKEFILES"] = rules;
        var request = new ProcessRequest(
            "make", ["-C", settings.BuildDirectory, .. Quiet, .. settings.Variables, $"KLP_OUT={output}", "klp-environment"])
        {
            Environment = environment,
        };
        progress.Log("$ " + request.CommandLine);
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        var file = Path.Combine(output, "environment");
        if (!result.Succeeded || !File.Exists(file))
        {
            throw new DiagnosticException(BuildDiagnostics.KbuildFails.At(
                Path.Combine(settings.BuildDirectory, "Makefile"), CompilerMessages.Select(result.Error + result.Output)));
        }

        // Only what Kbuild added: the user's own variables are none of the cache's business.
        var own =
            Environment.GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .ToDictionary(static item => (string)item.Key, static item => item.Value as string, StringComparer.Ordinal);
        var kept = File.ReadAllText(file).Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(item =>
        {
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            return equals > 0 && !MakesOwn.Contains(item[..equals]) && item[..equals] != "KLP_OUT"
                && !(own.TryGetValue(item[..equals], out var value) && value == item[(equals + 1)..]);
        });
        AtomicFile.WriteText(file, string.Join('\0', kept));
    }

    /// <summary>Evaluates directories and leaves a file for each: its name with "+" for "/" and the suffix ".directory".</summary>
    /// <param name="top">The top Makefile's answer.</param>
    /// <param name="only">The directories wanted; those on the way to them are evaluated too. Empty for all.</param>
    /// <param name="output">An empty directory for the results.</param>
    /// <param name="jobs">Directories at a time.</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <exception cref="DiagnosticException">No directory could be evaluated, or make did not come to its end (LP0332).</exception>
    public async Task EvaluateAsync(
        KbuildTop top, IReadOnlyCollection<string> only, string output, int jobs, CancellationToken cancellationToken)
    {
        var rules = WriteRules(output, "directory.mk");
        var environment = CleanEnvironment();
        foreach (var (name, value) in top.Variables)
        {
            environment[name] = value;
        }

        // Both kinds of code, whatever the goal was that the top Makefile was asked for.
        environment["KBUILD_BUILTIN"] = "y";
        environment["KBUILD_MODULES"] = "y";
        var request = new ProcessRequest("make",
        [
            // -B: what is there already counts too.
            "-rR", "-n", "-B", "-k", string.Create(CultureInfo.InvariantCulture, $"-j{Math.Max(1, jobs)}"), .. Quiet, "-f", rules,
            .. settings.Variables, $"KLP_OUT={output}", $"KLP_ONLY={string.Join(' ', only)}", $"KLP_ROOTS={string.Join(' ', top.Roots)}",
        ])
        {
            WorkingDirectory = settings.BuildDirectory,
            Environment = environment,
        };
        progress.Log("$ " + request.CommandLine);
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);

        // Some prerequisites are always missing in a tree that is not built; what was found out is good all the same.
        foreach (var line in result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            progress.Log(line);
        }

        // A file that could not be written to its end would be taken for the whole answer, and so would that of a make that was killed.
        if (result.ExitCode > 128 || Unwritten().IsMatch(result.Error) || !Directory.EnumerateFiles(output, "*.directory").Any())
        {
            throw new DiagnosticException(
                BuildDiagnostics.KbuildFails.At(settings.BuildDirectory, CompilerMessages.Select(result.Error + result.Output)));
        }
    }

    /// <summary>
    /// Has make say what the kernel's build makes before it enters any directory: headers from tables of system calls, offsets for
    /// assembly, programs under scripts/. The goal is the kernel's own, and Rules/directory.mk takes the place of Makefile.build on the
    /// way.
    /// </summary>
    /// <param name="output">An empty directory for the results: NAME.generated.</param>
    /// <param name="cancellationToken">Ends make.</param>
    public async Task EvaluatePreparationAsync(string output, CancellationToken cancellationToken)
    {
        var rules = WriteRules(output, "directory.mk");
        var request = new ProcessRequest("make",
        [
            "-C", settings.BuildDirectory, "-n", "-k", .. Quiet, .. settings.Variables, $"KLP_OUT={output}", "KLP_ONLY=", "KLP_ROOTS=",
            $"build=-B -f {rules} obj", "prepare0",
        ])
        {
            Environment = CleanEnvironment(),
        };
        progress.Log("$ " + request.CommandLine);
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        foreach (var line in result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            progress.Log(line);
        }
    }

    /// <summary>Writes makefile rules of ours into a directory, and gives their path.</summary>
    public static string WriteRules(string directory, string name)
    {
        using var resource = typeof(KbuildEvaluator).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(resource);
        CacheDirectory.Make(directory);
        var path = Path.Combine(directory, name);
        AtomicFile.WriteText(path, reader.ReadToEnd());
        return path;
    }

    /// <summary>Variables of the user that would turn Kbuild elsewhere are taken away.</summary>
    private static Dictionary<string, string?> CleanEnvironment()
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["KBUILD_OUTPUT"] = null, ["KBUILD_EXTMOD"] = null };
        foreach (var name in MakesOwn.Where(static name => name.StartsWith('M') || name.StartsWith('G')))
        {
            environment[name] = null;
        }

        return environment;
    }

    /// <summary>How make says that its function "file" failed.</summary>
    [GeneratedRegex(@"\*\*\* (open|write|close): ", RegexOptions.CultureInvariant)]
    private static partial Regex Unwritten();
}
