using System.Buffers.Binary;
using System.Text;

namespace LivePatch.Kernel.Architecture.X64;

/// <summary>A bzImage, whose setup header says where its payload lies (Documentation/x86/boot.rst, Linux 6.1: protocol 2.08 and
/// newer).</summary>
internal sealed class X64KernelImageFormat : IKernelImageFormat
{
    private const int SetupSectorsAt = 0x1f1;
    private const int MagicAt = 0x202;
    private const int VersionAt = 0x206;
    private const int KernelVersionAt = 0x20e;
    private const int SetupHead = 0x200;
    private const int PayloadOffsetAt = 0x248;
    private const int PayloadLengthAt = 0x24c;
    private const int SectorSize = 512;
    private const int PayloadProtocol = 0x208;

    public string BootImagePath => "arch/x86/boot/bzImage";

    public ulong LowestAddress => 0xffff_ffff_8000_0000;

    /// <inheritdoc/>
    /// <remarks>__pa_symbol(x) is x - __START_KERNEL_map + phys_base (arch/x86/include/asm/page_64.h).</remarks>
    public long? PhysicalAddressBias => 0x8000_0000;

    public int HeaderLimit => 64 << 10;

    public bool HasHeader(ReadOnlySpan<byte> head) => head.Length >= PayloadLengthAt + 4 && head[MagicAt..].StartsWith("HdrS"u8);

    /// <summary>kernel_version of the setup header, a text like <c>6.1.0-56-amd64 (builder@host) #1 SMP ...</c>.</summary>
    public string? VersionText(ReadOnlySpan<byte> head)
    {
        if (!HasHeader(head))
        {
            return null;
        }

        var pointer = BinaryPrimitives.ReadUInt16LittleEndian(head[KernelVersionAt..]);
        if (pointer == 0 || pointer + SetupHead >= head.Length)
        {
            return null;
        }

        var text = head[(pointer + SetupHead)..];
        var end = text.IndexOf((byte)0);
        return end < 0 ? null : Encoding.Latin1.GetString(text[..end]);
    }

    public (long Start, long Length)? Payload(ReadOnlySpan<byte> file)
    {
        if (!HasHeader(file) || BinaryPrimitives.ReadUInt16LittleEndian(file[VersionAt..]) < PayloadProtocol)
        {
            return null;
        }

        var sectors = file[SetupSectorsAt] == 0 ? 4 : file[SetupSectorsAt];
        return (((sectors + 1L) * SectorSize) + BinaryPrimitives.ReadUInt32LittleEndian(file[PayloadOffsetAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(file[PayloadLengthAt..]));
    }
}
