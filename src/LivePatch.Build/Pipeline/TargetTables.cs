using LivePatch.Build.Kbuild;
using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Select;
using LivePatch.Elf;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Special;
using LivePatch.Kernel.Symbols;
using LivePatch.Kernel.Targets;
using LivePatch.Kernel.Tracing;
using LivePatch.Module.Extract;
using LivePatch.Module.Verify;

namespace LivePatch.Build.Pipeline;

/// <summary>The target kernel's symbols, exports, structure sizes and ftrace sites, read once and used by several passes.</summary>
public sealed class TargetTables : ITargetFacts, ISymbolOwners, IDisposable
{
    private readonly TargetKernel _target;
    private readonly KernelImage _image;
    private readonly ModuleSymvers _symvers;
    private readonly Dictionary<string, ModuleTables?> _modules = new(StringComparer.Ordinal);

    private TargetTables(TargetKernel target, KernelImage image, ModuleSymvers symvers)
    {
        _target = target;
        _image = image;
        _symvers = symvers;
        Catalog = image.Architecture.SpecialSections(SpecialEntrySizes.FromBtf(image.Btf, image.Architecture));
    }

    /// <summary>The machine.</summary>
    public IArchitecture Architecture => _image.Architecture;

    /// <summary>Special sections with this kernel's entry sizes.</summary>
    public SpecialSectionCatalog Catalog { get; }

    /// <summary>The image's bytes by address.</summary>
    public ElfObject Image => _image.Elf;

    /// <summary>Symbols of vmlinux in the kernel's order.</summary>
    public KernelSymbolTable Symbols => _image.Symbols;

    /// <summary>"Linux version ...".</summary>
    public string Banner => _image.Banner;

    /// <inheritdoc/>
    public string Release => _target.Release;

    /// <summary>Reads the tables.</summary>
    /// <exception cref="DiagnosticException">The image or Module.symvers cannot be read.</exception>
    public static TargetTables Load(TargetKernel target, string cacheDirectory, bool skipCompilerCheck)
    {
        var diagnostics = new DiagnosticBag();
        var symvers = ModuleSymvers.TryRead(target.ModuleSymversPath, diagnostics);
        var image = KernelImage.TryOpen(target.ImagePath, cacheDirectory, diagnostics);
        if (symvers is null || image is null)
        {
            throw new DiagnosticException(diagnostics);
        }

        // The banner inside the image is the last word on what built it; headers and configuration only say so.
        var findings = TargetKernelChecks.Check(target, image.BannerInfo)
            .Where(finding => !(skipCompilerCheck && finding.Descriptor == KernelDiagnostics.CompilerMismatch) && finding.IsFatal)
            .ToList();
        if (findings.Count > 0)
        {
            image.Dispose();
            throw new DiagnosticException(findings);
        }

        // Decoding the symbols is most of the work; it is done here, beside the compiler, and not when first asked.
        _ = image.Symbols.Total;
        return new TargetTables(target, image, symvers);
    }

    /// <summary>The klp object an object file belongs to.</summary>
    public static string OwnerOf(CompileCommand command) =>
        command is { IsModule: true, ModuleFile: { } file } ? ModuleName.FromPath(file + ".ko") : ModuleName.Vmlinux;

    /// <summary>A resolver for code of one klp object; null when a diagnostic says why there is none.</summary>
    public ISymbolResolver? ResolverFor(string owner, CompileCommand command, ISymbolLocator locator, DiagnosticBag diagnostics)
    {
        if (owner == ModuleName.Vmlinux)
        {
            return new KernelSymbolResolver(owner, Symbols, _symvers, locator);
        }

        return ModuleOf(owner, command.ModuleFile, diagnostics) is { } module
            ? new KernelSymbolResolver(owner, module.Symbols, _symvers, new FileNameLocator(module.Symbols, command.ObjectPath))
            : null;
    }

    /// <inheritdoc/>
    public bool IsExported(string name) => _symvers.Find(name) is not null;

    /// <inheritdoc/>
    public bool IsInVmlinux(string name) =>
        _symvers.Find(name) is { } export ? export.IsFromVmlinux : Symbols.Contains(name);

    /// <inheritdoc/>
    public int? Occurrences(string objectName, string name) =>
        objectName == ModuleName.Vmlinux ? Symbols.Count(name) : ModuleOf(objectName, null, [])?.Symbols.Count(name);

    /// <inheritdoc/>
    public bool? IsTraceable(string objectName, string name, uint sympos)
    {
        if (objectName == ModuleName.Vmlinux)
        {
            var found = Symbols.Find(name);
            var index = sympos == 0 ? 0 : (int)sympos - 1;
            return index < found.Count && _image.FtraceSites.IsTraceable(found[index].Address);
        }

        if (ModuleOf(objectName, null, []) is not { } module)
        {
            return null;
        }

        var symbols = module.Elf.FindSymbols(name).Where(static symbol => symbol.Section is not null).ToList();
        var at = sympos == 0 ? 0 : (int)sympos - 1;
        return at < symbols.Count && module.Sites.IsTraceable(symbols[at]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _image.Dispose();
        foreach (var module in _modules.Values)
        {
            module?.Dispose();
        }
    }

    private ModuleTables? ModuleOf(string name, string? moduleFile, DiagnosticBag diagnostics)
    {
        lock (_modules)
        {
            if (!_modules.TryGetValue(name, out var module))
            {
                module = ModuleTables.TryLoad(_target.ModulesDirectory, name, moduleFile, Architecture, diagnostics);
                _modules.Add(name, module);
            }

            return module;
        }
    }
}
