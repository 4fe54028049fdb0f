using LivePatch.Core.Diagnostics;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Module.Target;

/// <summary>Modules of the target that are not among its own, and what they export.</summary>
/// <param name="Files">Module files by run-time name.</param>
/// <param name="SymversFiles">Module.symvers files of their builds.</param>
public sealed record AdditionalModules(IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> SymversFiles)
{
    private const string ExportPrefix = "__ksymtab_";

    /// <summary>None.</summary>
    public static AdditionalModules None { get; } = new(new Dictionary<string, string>(), []);

    /// <summary>The kernel's exports together with those of these modules. The modules' own tables come first among
    /// them: a Module.symvers may be of another build.</summary>
    /// <exception cref="DiagnosticException">A file cannot be read.</exception>
    internal ModuleSymvers AddTo(ModuleSymvers kernels)
    {
        var diagnostics = new DiagnosticBag();
        var exports = new List<ExportedSymbol>();
        foreach (var (name, path) in Files)
        {
            using var elf = ModuleFile.TryRead(path, diagnostics);
            exports.AddRange((elf?.Symbols ?? [])
                .Where(static symbol => symbol.Section is not null && symbol.Name.StartsWith(ExportPrefix, StringComparison.Ordinal))
                .Select(
                    symbol =>
                        new ExportedSymbol(
                            symbol.Name[ExportPrefix.Length..],
                            0,
                            name,
                            string.Empty,
                            symbol.Section!.Name.Contains("_gpl", StringComparison.Ordinal))));
        }

        foreach (var path in SymversFiles)
        {
            exports.AddRange(ModuleSymvers.TryRead(path, diagnostics)?.Symbols ?? []);
        }

        return diagnostics.HasFatal ? throw new DiagnosticException(diagnostics) : kernels.With(exports);
    }
}
