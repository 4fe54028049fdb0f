using System.Text.RegularExpressions;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;

namespace LivePatch.Kbuild.Compile;

/// <summary>
/// Has Kbuild make single objects in a prepared tree.
///
/// Some sources are made by programs under scripts/ (SELinux's flask.h, everything from ASN.1), which the kernel's build makes first and
/// the headers package leaves out. Making all of them in advance would take longer than most patches and needs libraries that few of them
/// use; so a program is made when Kbuild says that it misses it, and then Kbuild is asked again.
/// </summary>
/// <param name="tree">The unpatched tree; programs are made in it.</param>
/// <param name="runner">Runs make.</param>
/// <param name="progress">Told what is done.</param>
internal sealed partial class KbuildMake(WorkTree tree, IProcessRunner runner, IBuildProgress progress)
{
    /// <summary>Makes objects, as far as possible; what make says is in the result.</summary>
    /// <param name="root">The tree to make them in: the work tree, or one of links to it.</param>
    /// <param name="objects">Paths in the tree.</param>
    /// <param name="jobs">How many compilers at a time.</param>
    /// <param name="cancellationToken">Ends make.</param>
    public async Task<ProcessResult> RunAsync(string root, IReadOnlyList<string> objects, int jobs, CancellationToken cancellationToken)
    {
        // What is left in the tree is taken down when make came to an end, and only then: half a header must not be taken for one.
        using var making = tree.Guard is { } guard ? await guard.MakingAsync(cancellationToken).ConfigureAwait(false) : null;
        var result = await MakeAsync(root, objects, jobs, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode <= 128)
        {
            tree.Guard?.Record();
        }

        return result;
    }

    private async Task<ProcessResult> MakeAsync(string root, IReadOnlyList<string> objects, int jobs, CancellationToken cancellationToken)
    {
        var request = KbuildRequest.For(tree, root, objects, jobs) with { OnLine = progress.Log };
        progress.Log("$ " + request.CommandLine);
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        var programs = result.Succeeded ? [] : MissingPrograms(result.Error + result.Output);
        if (programs.Count == 0)
        {
            return result;
        }

        progress.Stage($"making {string.Join(", ", programs)}");
        var rules = KbuildEvaluator.WriteRules(KbuildSettings.For(tree).CacheDirectory, "hostprogram.mk");
        var making = KbuildRequest.ForPrograms(tree, rules, programs) with { OnLine = progress.Log };
        progress.Log("$ " + making.CommandLine);
        var made = await runner.RunAsync(making, cancellationToken).ConfigureAwait(false);

        // Why a program cannot be made says more than that it is missing.
        return made.Succeeded ? await runner.RunAsync(request, cancellationToken).ConfigureAwait(false) : made;
    }

    /// <summary>Makes a generated file in the unpatched tree, with the programs it needs.</summary>
    /// <param name="directory">The directory whose makefile makes it.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Ends make.</param>
    public async Task<ProcessResult> GenerateAsync(string directory, string path, CancellationToken cancellationToken)
    {
        progress.Stage($"making {path}");
        using var making = tree.Guard is { } guard ? await guard.MakingAsync(cancellationToken).ConfigureAwait(false) : null;
        var rules = KbuildEvaluator.WriteRules(KbuildSettings.For(tree).CacheDirectory, "hostprogram.mk");
        var request = KbuildRequest.ForPrograms(tree, rules, [$"{directory}:{path}"]) with { OnLine = progress.Log };
        progress.Log("$ " + request.CommandLine);
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        if (result.ExitCode <= 128)
        {
            tree.Guard?.Record();
        }

        return result;
    }

    /// <summary>True when make does not know how to make an object, or was content and made nothing; not when it lacks
    /// something the object needs.</summary>
    public static bool HasNoRule(ProcessResult result, string objectPath) =>
        result.Succeeded || NoRule().Matches(result.Error + result.Output).Any(match => match.Groups[1].Value == objectPath);

    private static List<string> MissingPrograms(string output) =>
        [.. NoRule().Matches(output).Select(static match => Program(match.Groups[1].Value)).OfType<string>().Distinct()];

    /// <summary>The program whose lack make complains of. Of a pattern rule it says only what the rule would have made; the one such rule
    /// is that for ASN.1 (scripts/Makefile.build).</summary>
    private static string? Program(string missing) =>
        missing.StartsWith("scripts/", StringComparison.Ordinal) ? missing
        : missing.EndsWith(".asn1.c", StringComparison.Ordinal) || missing.EndsWith(".asn1.h", StringComparison.Ordinal)
            ? "scripts/asn1_compiler"
        : null;

    [GeneratedRegex(@"No rule to make target '(?:\./)?([^']+)'", RegexOptions.CultureInvariant)]
    private static partial Regex NoRule();
}
