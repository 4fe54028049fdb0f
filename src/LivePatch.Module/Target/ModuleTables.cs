using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Distributions;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Symbols;
using LivePatch.Kernel.Targets;
using LivePatch.Kernel.Tracing;
using LivePatch.Module.Verify;

namespace LivePatch.Module.Target;

/// <summary>A shipped module's file, symbols, ftrace sites and functions unfit for pointers.</summary>
internal sealed record ModuleTables(ElfObject Elf, KernelSymbolTable Symbols, ModuleFtraceSites Sites, SealedFunctions Sealed) : IDisposable
{
    /// <summary>Modules that must be loaded before it (modinfo's "depends"), under their run-time names.</summary>
    public IReadOnlyList<string> Dependencies { get; } =
        [
            .. (ModuleFacts.Read(Elf).Value("depends") ?? string.Empty)
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(static name => name.Replace('-', '_'))];

    /// <summary>Finds and reads the module under /lib/modules/RELEASE.</summary>
    public static ModuleTables? TryLoad(
        TargetKernel target, string name, string? moduleFile, IArchitecture architecture, DiagnosticBag diagnostics)
    {
        if (Find(target.ModulesDirectory, name, moduleFile) is not { } path)
        {
            diagnostics.Add(CoreDiagnostics.CannotRead.At(
                target.ModulesDirectory, $"The kernel has no module {name}.", target.Distribution.HowToInstall(
                    KernelPart.Image, target.Release)));
            return null;
        }

        return TryRead(path, architecture, diagnostics);
    }

    /// <summary>Reads a module's file.</summary>
    public static ModuleTables? TryRead(string path, IArchitecture architecture, DiagnosticBag diagnostics)
    {
        var elf = ModuleFile.TryRead(path, diagnostics);
        return elf is null
            ? null
            : new ModuleTables(
                elf,
                KernelSymbolTable.FromModule(elf),
                ModuleFtraceSites.FromModule(elf, architecture),
                SealedFunctions.FromModule(elf, architecture));
    }

    public void Dispose() => Elf.Dispose();

    private static string? Find(string modulesDirectory, string name, string? moduleFile)
    {
        if (moduleFile is not null)
        {
            // Installed modules lie below kernel/, those of a tree beside their objects.
            foreach (var file in (string[])[Path.Combine("kernel", moduleFile), moduleFile])
            {
                foreach (var suffix in (string[])["", ".xz", ".zst", ".gz"])
                {
                    var direct = Path.Combine(modulesDirectory, file + suffix);
                    if (File.Exists(direct))
                    {
                        return direct;
                    }
                }
            }
        }

        return Directory.Exists(modulesDirectory)
            ? Directory.EnumerateFiles(
                modulesDirectory,
                "*.ko*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).FirstOrDefault(path => ModuleName.FromPath(path) == name)
            : null;
    }
}
