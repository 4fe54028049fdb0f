using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Distributions;

namespace LivePatch.Boot.Initramfs;

/// <summary>Finds the one program the guest consists of. It must be linked statically: the guest has no libraries.</summary>
internal static class StaticBusybox
{
    private const uint ProgramInterpreter = 3;
    private const string Name = "busybox";

    /// <summary>Path of a static busybox; null after LP0802 was reported.</summary>
    /// <param name="asked">The one to take; null to look where the host has its programs.</param>
    /// <param name="architecture">The guest's machine; null when it is not known.</param>
    /// <param name="host">The host's distribution.</param>
    /// <param name="diagnostics">Receives why there is none.</param>
    public static string? Find(string? asked, IArchitecture? architecture, IKernelDistribution host, DiagnosticBag diagnostics)
    {
        IReadOnlyList<string> places = asked is not null ? [asked]
            : [.. host.ProgramDirectories.Select(static directory => Path.Combine(directory, Name))];
        string? dynamicOne = null;
        foreach (var place in places)
        {
            if (!File.Exists(place))
            {
                continue;
            }

            if (IsStatic(place, architecture))
            {
                return place;
            }

            dynamicOne = place;
        }

        diagnostics.Add(dynamicOne is null
            ? BootDiagnostics.BusyboxMissing.Anywhere(
                $"The guest is made of a statically linked busybox, and there is none at {string.Join(", ", places)}.",
                host.HowToInstallProgram(Name))
            : BootDiagnostics.BusyboxMissing.At(
                dynamicOne,
                $"This busybox is not a statically linked {architecture?.Name} program: the guest, which has no libraries, could not "
                    + $"run it.",
                host.HowToInstallProgram(Name)));
        return null;
    }

    private static bool IsStatic(string path, IArchitecture? architecture)
    {
        using var program = ElfObject.TryRead(path, []);
        return program is { Segments.Count: > 0 } && (architecture is null || program.Header.Machine == architecture.Machine)
            && program.Segments.All(static segment => segment.Type != ProgramInterpreter);
    }
}
