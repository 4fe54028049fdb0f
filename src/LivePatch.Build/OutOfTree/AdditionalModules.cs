using LivePatch.Core.Diagnostics;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Build.OutOfTree;

/// <summary>Modules of the target that are not among its own, and what they export.</summary>
/// <param name="Files">Module files by run-time name.</param>
/// <param name="SymversFiles">Module.symvers files of their builds.</param>
public sealed record AdditionalModules(IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> SymversFiles)
{
    private const string ExportPrefix = "__ksymtab_";

    /// <summary>None.</summary>
    public static AdditionalModules None { get; } = new(new Dictionary<string, string>(), []);

    /// <summary>Everything a source's build may export or use: the modules given, the source's own Module.symvers, and the
    /// files in KBUILD_EXTRA_SYMBOLS.</summary>
    internal static AdditionalModules Of(OutOfTreeOptions options, IReadOnlyList<GivenModule> modules, MakeArgumentList arguments) =>
        new(
            modules.DistinctBy(static module => module.Name).ToDictionary(static module => module.Name, static module => module.Path),
            [.. arguments.ExtraSymbols.Prepend("Module.symvers").Select(file => Path.Combine(options.SourceDirectory, file)).Where(File.Exists)]);

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
                .Select(symbol => new ExportedSymbol(symbol.Name[ExportPrefix.Length..], 0, name, string.Empty, symbol.Section!.Name.Contains("_gpl", StringComparison.Ordinal))));
        }

        foreach (var path in SymversFiles)
        {
            exports.AddRange(ModuleSymvers.TryRead(path, diagnostics)?.Symbols ?? []);
        }

        return diagnostics.HasFatal ? throw new DiagnosticException(diagnostics) : kernels.With(exports);
    }
}
