namespace LivePatch.Kernel.Images.Compression;

/// <summary>How a kernel image or module file is packed (arch/*/boot/compressed/Makefile and
/// scripts/Makefile.modinst, Linux 6.1).</summary>
public enum PayloadFormat
{
    /// <summary>None of the formats below.</summary>
    Unknown,

    /// <summary>Not packed: an ELF file.</summary>
    Elf,

    /// <summary>gzip.</summary>
    Gzip,

    /// <summary>xz; kernel images add a branch filter of the machine.</summary>
    Xz,

    /// <summary>zstd.</summary>
    Zstd,

    /// <summary>The legacy frame of lz4 (<c>lz4 -l</c>), the only one the kernel's decompressor reads.</summary>
    Lz4,

    /// <summary>bzip2.</summary>
    Bzip2,

    /// <summary>The format of lzma_alone.</summary>
    Lzma,

    /// <summary>lzop.</summary>
    Lzo,
}
