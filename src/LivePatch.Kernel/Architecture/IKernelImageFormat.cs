namespace LivePatch.Kernel.Architecture;

/// <summary>The kernel's image of one machine, as it is linked and as it is booted.</summary>
public interface IKernelImageFormat
{
    /// <summary>Where a build leaves the bootable image, relative to its directory.</summary>
    string BootImagePath { get; }

    /// <summary>The lowest address the kernel image may be linked at: smaller symbol values are no addresses
    /// (per-CPU offsets, absolute constants).</summary>
    ulong LowestAddress { get; }

    /// <summary>What is added to a symbol of the kernel image to get its physical address, as __pa_symbol() does; null where an object
    /// never says so.</summary>
    long? PhysicalAddressBias { get; }

    /// <summary>How many bytes of a bootable file <see cref="HasHeader"/> and <see cref="VersionText"/> want to see.</summary>
    int HeaderLimit { get; }

    /// <summary>True for a bootable file with this machine's boot header.</summary>
    /// <param name="head">The file's first bytes.</param>
    bool HasHeader(ReadOnlySpan<byte> head);

    /// <summary>Release and version as the boot header tells them, without unpacking anything; null when it does not.</summary>
    /// <param name="head">The file's first bytes.</param>
    string? VersionText(ReadOnlySpan<byte> head);

    /// <summary>Where the packed kernel lies in a bootable file; null when the header does not say.</summary>
    /// <param name="file">The whole file, which may be shorter than the header claims.</param>
    (long Start, long Length)? Payload(ReadOnlySpan<byte> file);
}
