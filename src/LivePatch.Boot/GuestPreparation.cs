using LivePatch.Boot.Guest;
using LivePatch.Boot.Initramfs;
using LivePatch.Boot.Modules;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Module.Verify;

namespace LivePatch.Boot;

/// <summary>Checks the request and reads every file the guest needs, before any time is spent on booting.</summary>
internal static class GuestPreparation
{
    /// <summary>The guest; null after the reasons (all that can be found) were reported.</summary>
    public static PreparedGuest? TryMake(BootVerifyRequest request, DiagnosticBag diagnostics)
    {
        CheckImage(request, diagnostics);
        var scripts = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        ReadInto(scripts, "before", request.BeforeScript, diagnostics);
        ReadInto(scripts, "after", request.AfterScript, diagnostics);
        var extraFiles = ReadExtraFiles(request.ExtraFiles, diagnostics);
        var module = TryReadBytes(request.ModulePath, diagnostics);
        IArchitecture? architecture = null;
        var facts = module is null ? null : TryReadFacts(module.Value, request, out architecture, diagnostics);
        var busybox = StaticBusybox.Find(request.BusyboxPath, architecture, request.Host, diagnostics);
        if (facts is not null && request.ExpectedFunctions is null)
        {
            request = request with { ExpectedFunctions = facts.ExpectedFunctions() };
        }

        var plan = facts is null ? null : ModuleLoadPlan.TryMake(request, facts, diagnostics);
        if (diagnostics.HasFatal || busybox is null || module is null || plan is null || architecture is null)
        {
            return null;
        }

        var content = new InitramfsContent
        {
            Busybox = busybox,
            InitScript = GuestScript.Init(),
            Modprobe = GuestScript.Modprobe(),
            Settings = GuestScript.Settings(facts!.Value("name")!, plan, request),
            LivepatchModule = module.Value,
            Release = request.KernelRelease,
            Modules = plan.Files,
            ModuleIndex = GuestModuleIndex.Write(request.KernelRelease, plan.Files, plan.Dependencies),
            Scripts = scripts,
            ExtraFiles = extraFiles,
        };

        // The archive and what is unpacked from it lie side by side for a moment.
        var modules = plan.Files.Sum(static file => file.Content?.Length ?? new FileInfo(file.HostPath).Length);
        request = request with { MemoryMebibytes = request.MemoryMebibytes + (int)(2 * modules >> 20) };
        return new PreparedGuest(request, architecture.Guest, content, plan.Dependencies);
    }

    private static ModuleFacts? TryReadFacts(
        ReadOnlyMemory<byte> module, BootVerifyRequest request, out IArchitecture? architecture, DiagnosticBag diagnostics)
    {
        architecture = null;
        using var elf = ElfObject.TryRead(module, request.ModulePath, diagnostics);
        if (elf is null || (architecture = Architectures.TryGet(elf, diagnostics)) is null)
        {
            return null;
        }

        var facts = ModuleFacts.Read(elf);
        if (facts is not { Release: not null, IsLivepatch: true } || facts.Value("name") is null)
        {
            diagnostics.Add(BootDiagnostics.NotALivepatch.At(
                request.ModulePath, "Its .modinfo section lacks name, vermagic or livepatch=Y: this is no finished livepatch module."));
            return null;
        }

        if (facts.Release != request.KernelRelease)
        {
            diagnostics.Add(BootDiagnostics.WrongKernel.At(
                request.ModulePath,
                $"The module was built for {facts.Release} (vermagic), the kernel to boot is {request.KernelRelease}."));
            return null;
        }

        return facts;
    }

    private static void CheckImage(BootVerifyRequest request, DiagnosticBag diagnostics)
    {
        try
        {
            using var image = File.OpenRead(request.KernelImage);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(BootDiagnostics.KernelImageMissing.At(request.KernelImage, problem.Message));
        }
    }

    private static void ReadInto(
        Dictionary<string, ReadOnlyMemory<byte>> scripts, string name, string? path, DiagnosticBag diagnostics)
    {
        if (path is not null && TryReadBytes(path, diagnostics) is { } content)
        {
            scripts[name] = content;
        }
    }

    private static List<(ExtraFile File, ReadOnlyMemory<byte> Content)> ReadExtraFiles(
        IReadOnlyList<ExtraFile> files, DiagnosticBag diagnostics)
    {
        var result = new List<(ExtraFile File, ReadOnlyMemory<byte> Content)>(files.Count);
        foreach (var file in files)
        {
            if (TryReadBytes(file.HostPath, diagnostics) is { } content)
            {
                result.Add((file, content));
            }
        }

        return result;
    }

    private static ReadOnlyMemory<byte>? TryReadBytes(string path, DiagnosticBag diagnostics)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(CoreDiagnostics.CannotRead.At(path, problem.Message));
            return null;
        }
    }
}
