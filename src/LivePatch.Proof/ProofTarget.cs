using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Special;
using LivePatch.Kernel.Symbols;
using LivePatch.Kernel.Tracing;

namespace LivePatch.Proof;

/// <summary>A target kernel read from its files: image, Module.symvers and the directory of its modules.</summary>
public sealed class ProofTarget : IProofTarget, IDisposable
{
    private readonly KernelImage _image;
    private readonly ModuleSymvers _exports;
    private readonly string _modules;
    private readonly IReadOnlyDictionary<string, string> _given;
    private readonly Dictionary<string, (ElfObject File, KernelSymbolTable Symbols)?> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModuleFtraceSites> _sites = new(StringComparer.Ordinal);

    private ProofTarget(KernelImage image, ModuleSymvers exports, string modules, IReadOnlyDictionary<string, string> given)
    {
        _image = image;
        _exports = exports;
        _modules = modules;
        _given = given;
        Catalog = image.Architecture.Tables.Catalog(SpecialEntrySizes.FromBtf(image.Btf, image.Architecture));
    }

    /// <inheritdoc/>
    public IArchitecture Architecture => _image.Architecture;

    /// <inheritdoc/>
    public SpecialSectionCatalog Catalog { get; }

    /// <inheritdoc/>
    public ElfObject Image => _image.Elf;

    /// <inheritdoc/>
    public KernelSymbolTable Symbols => _image.Symbols;

    /// <summary>Reads a kernel; null when a fatal diagnostic was added.</summary>
    /// <param name="image">vmlinuz or vmlinux.</param>
    /// <param name="imageCache">Directory of unpacked images.</param>
    /// <param name="symvers">Module.symvers.</param>
    /// <param name="modules">Directory of the kernel's modules.</param>
    /// <param name="given">Files of modules outside of it, by run-time name.</param>
    /// <param name="diagnostics">Receives what cannot be read.</param>
    public static ProofTarget? TryOpen(
        string image, string imageCache, string symvers, string modules, IReadOnlyDictionary<string, string> given,
            DiagnosticBag diagnostics)
    {
        var exports = ModuleSymvers.TryRead(symvers, diagnostics);
        var opened = exports is null ? null : KernelImage.TryOpen(image, imageCache, diagnostics);
        return opened is null ? null : new ProofTarget(opened, exports!, modules, given);
    }

    /// <inheritdoc/>
    public ExportedSymbol? FindExport(string name) => _exports.Find(name);

    /// <inheritdoc/>
    public (ElfObject File, KernelSymbolTable Symbols)? FindModule(string name)
    {
        if (!_read.TryGetValue(name, out var module))
        {
            var path = _given.GetValueOrDefault(name) ?? (Directory.Exists(_modules)
                ? Directory.EnumerateFiles(_modules, "*.ko*",
                    new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
                    .FirstOrDefault(path => ModuleName.FromPath(path) == name)
                : null);
            module = path is not null && ModuleFile.TryRead(path, []) is { } elf ? (elf, KernelSymbolTable.FromModule(elf)) : null;
            _read.Add(name, module);
        }

        return module;
    }

    /// <inheritdoc/>
    public bool? IsTraceable(string objectName, string name, uint sympos)
    {
        var index = sympos == 0 ? 0 : (int)sympos - 1;
        if (objectName == ModuleName.Vmlinux)
        {
            var found = Symbols.Find(name);
            return index < found.Count && _image.FtraceSites.IsTraceable(found[index].Address);
        }

        if (FindModule(objectName) is not { } module)
        {
            return null;
        }

        if (!_sites.TryGetValue(objectName, out var sites))
        {
            _sites.Add(objectName, sites = ModuleFtraceSites.FromModule(module.File, Architecture));
        }

        var symbols = module.File.FindSymbols(name).Where(static symbol => symbol.Section is not null).ToList();
        return index < symbols.Count && sites.IsTraceable(symbols[index]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _image.Dispose();
        foreach (var module in _read.Values)
        {
            module?.File.Dispose();
        }
    }
}
