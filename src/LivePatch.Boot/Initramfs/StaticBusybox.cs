using LivePatch.Core.Diagnostics;
using LivePatch.Elf;

namespace LivePatch.Boot.Initramfs;

/// <summary>Finds the one program the guest consists of. It must be linked statically: the guest has no libraries.</summary>
internal static class StaticBusybox
{
    private const uint ProgramInterpreter = 3;
    private static readonly string[] UsualPlaces = ["/bin/busybox", "/usr/bin/busybox", "/usr/lib/initramfs-tools/bin/busybox"];

    /// <summary>Path of a static busybox; null after LP0802 was reported.</summary>
    public static string? Find(string? asked, DiagnosticBag diagnostics)
    {
        string[] places = asked is null ? UsualPlaces : [asked];
        string? dynamicOne = null;
        foreach (var place in places)
        {
            if (!File.Exists(place))
            {
                continue;
            }

            if (IsStatic(place))
            {
                return place;
            }

            dynamicOne = place;
        }

        diagnostics.Add(dynamicOne is null
            ? BootDiagnostics.BusyboxMissing.Anywhere($"The guest is made of a statically linked busybox, and there is none at {string.Join(", ", places)}.")
            : BootDiagnostics.BusyboxMissing.At(dynamicOne, "This busybox is not a statically linked x86-64 program, so the guest, which has no libraries, could not run it."));
        return null;
    }

    private static bool IsStatic(string path)
    {
        using var program = ElfObject.TryRead(path, []);
        return program is { Segments.Count: > 0 } && program.Segments.All(static segment => segment.Type != ProgramInterpreter);
    }
}
