using LivePatch.Boot.Modules;

namespace LivePatch.Boot.Initramfs;

/// <summary>Everything the guest's file system is made of.</summary>
internal sealed record InitramfsContent
{
    /// <summary>Path of the static busybox on the host.</summary>
    public required string Busybox { get; init; }

    /// <summary>The script the kernel starts as <c>/init</c>.</summary>
    public required string InitScript { get; init; }

    /// <summary>The program the kernel starts as <c>/sbin/modprobe</c>.</summary>
    public required string Modprobe { get; init; }

    /// <summary>Assignments the script reads first.</summary>
    public required string Settings { get; init; }

    /// <summary>The livepatch module's bytes.</summary>
    public required ReadOnlyMemory<byte> LivepatchModule { get; init; }

    /// <summary>Release of the kernel, after which the directory of its modules is called.</summary>
    public required string Release { get; init; }

    /// <summary>The modules there.</summary>
    public required IReadOnlyList<GuestModule> Modules { get; init; }

    /// <summary>Texts by which they are found, by path.</summary>
    public required IReadOnlyList<(string Path, string Text)> ModuleIndex { get; init; }

    /// <summary>Check scripts by their name in the guest.</summary>
    public required IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Scripts { get; init; }

    /// <summary>Further files with their bytes.</summary>
    public required IReadOnlyList<(ExtraFile File, ReadOnlyMemory<byte> Content)> ExtraFiles { get; init; }
}
