using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Makefiles;
using LivePatch.Kbuild.Units;
using LivePatch.Kernel.Special;
using LivePatch.Module.Bind;

namespace LivePatch.Pipeline.Passes;

/// <summary>The symbols that go with removed sources, and a refusal where such a source goes on working by itself.</summary>
internal static class RemovedSourcesPass
{
    /// <summary>Compiles the removed sources once more, as they were.</summary>
    /// <exception cref="DiagnosticException">One does not compile (LP0322).</exception>
    public static async Task<IReadOnlyList<RemovedSymbol>> RunAsync(
        BuildRun run, IObjectCompiler compiler, UnitPlan plan, CancellationToken cancellationToken)
    {
        var result = new List<RemovedSymbol>();
        foreach (var path in plan.Removed)
        {
            var original = await compiler.OriginalAsync(path, cancellationToken).ConfigureAwait(false);
            using var elf = ElfObject.Read(original.File, path);
            var source = Path.ChangeExtension(path, ".c");
            run.Diagnostics.Add(Registration.Find(elf) is { } registration
                ? BuildFileDiagnostics.RemovedFileActive.At(source, $"The patch removes it, and it has {registration}.")
                : BuildFileDiagnostics.RemovedFileStays.At(source, "The patch removes it; the running kernel keeps its code."));
            result.AddRange(elf.Symbols
                .Where(static symbol => symbol.Section is not null && symbol.Binding == ElfSymbolBinding.Global)
                .SelectMany(symbol => original.Owners.Select(owner => new RemovedSymbol(symbol.Name, owner.Name, path))));
        }

        return result;
    }
}
