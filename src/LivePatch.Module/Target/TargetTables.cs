using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Elf;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Special;
using LivePatch.Kernel.Symbols;
using LivePatch.Kernel.Targets;
using LivePatch.Kernel.Tracing;
using LivePatch.Module.Emit;
using LivePatch.Module.Extract;
using LivePatch.Module.Shipped;
using LivePatch.Module.Verify;

namespace LivePatch.Module.Target;

/// <summary>The target kernel's symbols, exports, structure sizes and ftrace sites, read once and used by several passes.</summary>
public sealed class TargetTables : ITargetFacts, ISymbolOwners, IDisposable
{
    private readonly TargetKernel _target;
    private readonly KernelImage _image;
    private readonly ModuleSymvers _symvers;
    private readonly Lazy<SealedFunctions> _sealed;
    private readonly Dictionary<string, ModuleTables?> _modules = new(StringComparer.Ordinal);

    private readonly AdditionalModules _additional;

    private TargetTables(TargetKernel target, KernelImage image, ModuleSymvers symvers, AdditionalModules additional)
    {
        _target = target;
        _additional = additional;
        _image = image;
        _symvers = symvers;
        _sealed = new Lazy<SealedFunctions>(() => SealedFunctions.FromImage(image.Elf, image.Architecture));
        Catalog = image.Architecture.Tables.Catalog(SpecialEntrySizes.FromBtf(image.Btf, image.Architecture));
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
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TargetTables Load(
        TargetKernel target, string cacheDirectory, bool skipCompilerCheck, AdditionalModules additional, CancellationToken cancellationToken)
    {
        var diagnostics = new DiagnosticBag();
        var symvers = ModuleSymvers.TryRead(target.ModuleSymversPath, diagnostics);
        cancellationToken.ThrowIfCancellationRequested();
        var image = KernelImage.TryOpen(target.ImagePath, cacheDirectory, diagnostics);
        try
        {
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
                throw new DiagnosticException(findings);
            }

            // Decoding the symbols is most of the work; it is done here, beside the compiler, and not when first asked.
            cancellationToken.ThrowIfCancellationRequested();
            _ = image.Symbols.Total;
            return new TargetTables(target, image, additional.AddTo(symvers), additional);
        }
        catch
        {
            image?.Dispose();
            throw;
        }
    }

    /// <summary>The target for code of one klp object; null when a diagnostic says why there is none.</summary>
    /// <param name="owner">What the object is linked into.</param>
    /// <param name="diagnostics">Receives that the target has no such module.</param>
    public TargetResolver? ResolverFor(ObjectOwner owner, DiagnosticBag diagnostics)
    {
        if (owner.IsVmlinux)
        {
            var inImage = new ShippedOnDemand(shipped => new ShippedObjectLocator(shipped, Image, Symbols, Architecture));
            return new TargetResolver(new KernelSymbolResolver(owner.Name, Symbols, _symvers, inImage, new Surroundings(this, [])), inImage);
        }

        if (ModuleOf(owner.Name, owner.ModuleFile, diagnostics) is not { } module)
        {
            return null;
        }

        var inModule = new ShippedOnDemand(shipped => new ShippedModuleLocator(() => shipped, module.Elf, Architecture));
        return new TargetResolver(
            new KernelSymbolResolver(owner.Name, module.Symbols, _symvers, inModule, new Surroundings(this, module.Dependencies)), inModule);
    }

    /// <summary>What happens to a livepatch of these objects when a patched module is unloaded and comes back.</summary>
    public TargetReload ReloadOf(IReadOnlyList<ExtractedObject> objects)
    {
        if (objects.All(static item => item.ObjectName == ModuleName.Vmlinux))
        {
            return TargetReload.NoModule;
        }

        if (!objects.Any(static item => item.HasLateSymbols))
        {
            return TargetReload.NothingToReset;
        }

        return Architecture.ModuleCode.LateRelocationReset switch
        {
            { } reset when Symbols.Contains(reset.BuiltIn) => TargetReload.KernelResets,
            { } reset when reset.Symbols.All(needed => Symbols.Count(needed.Symbol) == 1) => TargetReload.LivepatchResets,
            _ => TargetReload.Impossible,
        };
    }

    /// <summary>The export of that name; null when nothing exports it.</summary>
    public ExportedSymbol? FindExport(string name) => _symvers.Find(name);

    /// <summary>A module's file as it is shipped, and its symbols; null when the kernel has none of that name.</summary>
    public (ElfObject File, KernelSymbolTable Symbols)? FindModule(string name) => ModuleOf(name, null, []) is { } module ? (module.Elf, module.Symbols) : null;

    /// <inheritdoc/>
    public bool IsExported(string name) => _symvers.Find(name) is not null;

    /// <inheritdoc/>
    public bool IsInVmlinux(string name) =>
        _symvers.Find(name) is { } export ? export.IsFromVmlinux : Symbols.Contains(name);

    /// <inheritdoc/>
    public string? ReadOnlyOwner(string objectName, string name)
    {
        var export = _symvers.Find(name);
        var own = objectName == ModuleName.Vmlinux ? null : ModuleOf(objectName, null, [])?.Symbols;
        var (owner, table) = own is not null && own.Find(name).Any(static symbol => symbol.IsGlobal) ? (objectName, own)
            : export is null or { IsFromVmlinux: true } ? (ModuleName.Vmlinux, Symbols)
            : (export.Owner, ModuleOf(export.Owner, null, [])?.Symbols);
        return table is not null && table.Find(name).Where(static symbol => symbol.IsGlobal).ToList() is [var only]
            && table.IsReadOnly(only)
            ? owner
            : null;
    }

    /// <summary>True when vmlinux or a module has a global or weak symbol of the name.</summary>
    public bool HasGlobal(string objectName, string name) =>
        (objectName == ModuleName.Vmlinux ? Symbols : ModuleOf(objectName, null, [])?.Symbols)?.Find(name)
            .Any(static symbol => symbol.IsGlobal)
            ?? false;

    /// <summary>Functions of vmlinux or a module that call or jump to a global function directly, and that are there when the object is
    /// up.</summary>
    public IReadOnlyList<string> CallersOf(string objectName, string name)
    {
        if (objectName != ModuleName.Vmlinux)
        {
            return ModuleOf(objectName, null, []) is { } module ? CallersIn(module.Elf, module.Symbols, name) : [];
        }

        var targets = Symbols.Find(name).Where(static symbol => symbol.IsGlobal).Select(static symbol => symbol.Address).ToHashSet();
        return targets.Count == 0
            ? []
            : [.. Image.Sections.Where(static section => section.IsCode)
                .SelectMany(section => Architecture.Branches.Find(section.Data, section.Address, targets))
                .Select(branch => Symbols.FindByAddress(branch.Site))
                .Where(caller => caller is { } symbol && !Symbols.IsFreedAfterBoot(symbol))
                .Select(static caller => caller!.Value.Name)
                .Distinct()];
    }

    private List<string> CallersIn(ElfObject module, KernelSymbolTable symbols, string name) =>
        [.. module.Sections.Where(static section => section.IsCode && !section.Name.StartsWith(".init", StringComparison.Ordinal))
            .SelectMany(section => section.Relocations
                .Where(
                    relocation =>
                        relocation.Symbol.Name == name && Architecture.Branches.IsBranchField(section.Data.Span, relocation.Offset))
                .Select(relocation => symbols.FindByAddress(relocation.Offset, section.Name)))
            .Where(static caller => caller is not null)
            .Select(static caller => caller!.Value.Name)
            .Distinct()];

    /// <summary>True when a module cannot be loaded without another one.</summary>
    public bool DependsOn(string module, string other) =>
        module != ModuleName.Vmlinux
            && (ModuleOf(module, null, [])?.Dependencies.Any(name => name == other || DependsOn(name, other)) ?? false);

    /// <inheritdoc/>
    public int? Occurrences(string objectName, string name) =>
        objectName == ModuleName.Vmlinux ? Symbols.Count(name) : ModuleOf(objectName, null, [])?.Symbols.Count(name);

    /// <inheritdoc/>
    public bool IsSteady(string objectName, string name, uint sympos)
    {
        if (objectName == ModuleName.Vmlinux)
        {
            var found = Symbols.Find(name);
            var index = sympos == 0 ? 0 : (int)sympos - 1;
            return index >= found.Count || !Symbols.IsFreedAfterBoot(found[index]);
        }

        if (ModuleOf(objectName, null, []) is not { } module)
        {
            return true;
        }

        // While a module is loading the kernel counts all its symbols, afterwards those that stay.
        var all = module.Symbols.Find(name);
        var at = sympos == 0 ? 0 : (int)sympos - 1;
        return at < all.Count && all[at].Lifetime == SymbolLifetime.Resident
            && module.Symbols.PositionOf(name, all[at].Address, all[at].Section) is { IsKnown: true } position
                && position.Value == (int)sympos;
    }

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

    /// <summary>The kernel around one patched object.</summary>
    private sealed class Surroundings(TargetTables tables, IReadOnlyCollection<string> dependencies) : ISurroundings
    {
        public KernelSymbolTable Vmlinux => tables.Symbols;

        public bool IsLoadedBefore(string module) => dependencies.Contains(module);

        public KernelSymbolTable? SymbolsOf(string module) => tables.ModuleOf(module, null, [])?.Symbols;

        public bool IsSealed(string owner, SymbolPlace place) =>
            (
                owner == ModuleName.Vmlinux
                    ? tables._sealed.Value
                    : tables.ModuleOf(owner, null, [])?.Sealed)?.Contains(place.Address, place.Section)
                ?? false;
    }

    private ModuleTables? ModuleOf(string name, string? moduleFile, DiagnosticBag diagnostics)
    {
        lock (_modules)
        {
            if (!_modules.TryGetValue(name, out var module))
            {
                module = _additional.Files.TryGetValue(name, out var given)
                    ? ModuleTables.TryRead(given, Architecture, diagnostics)
                    : ModuleTables.TryLoad(_target, name, moduleFile, Architecture, diagnostics);
                _modules.Add(name, module);
            }

            return module;
        }
    }
}
