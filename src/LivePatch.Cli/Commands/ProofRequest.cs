using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Elf;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;
using LivePatch.Proof;

namespace LivePatch.Cli.Commands;

/// <summary>A module that is to be proved again.</summary>
internal sealed record ProofRequest(
    string Objects, string? Release, string? Source, string? Headers, string? Image, string? Modules, IReadOnlyDictionary<string,
        string> Given)
{
    /// <summary>Proves it; null, with diagnostics added, when something that is needed cannot be read.</summary>
    public async Task<ProofResult?> RunAsync(
        ElfObject module, string? release, IProcessRunner runner, DiagnosticBag diagnostics, CancellationToken cancellationToken)
    {
        if (ProofObjects.TryRead(Objects, diagnostics) is not { } objects)
        {
            return null;
        }

        var options = new TargetKernelOptions
        {
            Release = Release ?? (Source is null ? release : null),
            SourcePath = Source,
            HeadersPath = Headers,
            ImagePath = Image,
            ModulesPath = Modules,
            WithoutSource = Source is null,
            SkipCompilerCheck = true,
        };
        if (await TargetKernelFinder.FindAsync(options, runner, diagnostics, cancellationToken).ConfigureAwait(false) is not { } kernel)
        {
            return null;
        }

        using var target = ProofTarget.TryOpen(
            kernel.ImagePath, new CacheDirectory(CacheDirectory.DefaultRoot).Images, kernel.ModuleSymversPath, kernel.ModulesDirectory,
                Given, diagnostics);
        if (target is null)
        {
            return null;
        }

        var result = ModuleProof.Prove(module, objects, target);
        diagnostics.AddRange(result.Diagnostics);
        return result;
    }
}
