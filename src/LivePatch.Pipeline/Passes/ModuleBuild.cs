using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild;
using LivePatch.Kernel.Targets;

namespace LivePatch.Pipeline.Passes;

/// <summary>
/// Links a module directory with Kbuild against the kernel's own build directory, so that vermagic, symbol versions and struct module are
/// the kernel's.
///
/// The same inputs give the same bytes wherever and by whomever the module is built: the compiler puts a fixed name in the place of the
/// directory, which would else stand in the debug information, and nothing of the caller's environment adds flags or reaches make.
/// </summary>
public sealed class ModuleBuild(IProcessRunner runner, IBuildProgress progress)
{
    /// <summary>What people set for builds of their own, which Kbuild and make would read.</summary>
    private static readonly string[] OfTheUser =
    [
        "MAKEFLAGS", "MFLAGS", "GNUMAKEFLAGS", "MAKEFILES", "MAKELEVEL", "KBUILD_OUTPUT", "KBUILD_EXTMOD", "KBUILD_VERBOSE", "O", "V", "W",
        "C",
        "CFLAGS_MODULE", "AFLAGS_MODULE", "KCPPFLAGS", "KBUILD_MODPOST_WARN", "KBUILD_SIGN_PIN", "SOURCE_DATE_EPOCH", "GCC_COLORS", "TZ",
    ];

    private static readonly Dictionary<string, string?> Environment = new(
        OfTheUser.Select(static name => KeyValuePair.Create(name, (string?)null)).Concat(Toolchain.Environment), StringComparer.Ordinal);

    /// <summary>Builds the module.</summary>
    /// <param name="directory">Has the Kbuild file and the sources; gets the products.</param>
    /// <param name="moduleName">Name of the module.</param>
    /// <param name="headers">The kernel's build directory.</param>
    /// <param name="toolchain">The kernel's compiler.</param>
    /// <param name="partlyUnused">Functions with static branches that never jump: objtool finds that the code behind them is not
    /// reached.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    /// <returns>Path of the .ko.</returns>
    /// <exception cref="DiagnosticException">It does not build (LP0327).</exception>
    public async Task<string> RunAsync(
        string directory,
        string moduleName,
        string headers,
        Toolchain toolchain,
        IReadOnlySet<string> partlyUnused,
        CancellationToken cancellationToken)
    {
        var request = new ProcessRequest("make",
        [
            "-C", headers, $"M={directory}", .. toolchain.MakeArguments, $"KCFLAGS=-ffile-prefix-map={directory}={moduleName}", "KAFLAGS=",
            "LDFLAGS_MODULE=",
            "--no-print-directory", "modules",
        ])
        {
            OnLine = progress.Log,
            Environment = Environment,
        };
        progress.Log("$ " + request.CommandLine);
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        var module = Path.Combine(directory, moduleName + ".ko");

        // objtool ends with success whatever it found, and then leaves out its tables (scripts/Makefile.lib; tools/objtool/builtin-check.c,
        // Linux 6.12).
        var complaints = ObjtoolComplaints.Select(result.Output + "\n" + result.Error, partlyUnused);
        if (result.Succeeded && complaints.Count > 0)
        {
            throw new DiagnosticException(Module.ModuleDiagnostics.ObjtoolComplains.At(moduleName + ".ko", string.Join('\n', complaints)));
        }

        return result.Succeeded && File.Exists(module)
            ? module
            : throw new DiagnosticException(
                BuildDiagnostics.ModuleFails.At(moduleName + ".ko", CompilerMessages.Select(result.Error + result.Output)));
    }
}
