using System.Buffers.Binary;
using System.Text;

namespace LivePatch.Kernel.Tests.Images;

/// <summary>A tiny linked kernel: an ELF file with .text and .rodata, and no symbols.</summary>
internal static class SyntheticKernel
{
    public const ulong TextAddress = 0xffffffff81000000;
    public const ulong RodataAddress = 0xffffffff82000000;
    public const string Banner =
        "Linux version 9.8.7-test (me@here (x)) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 "
            + "SMP Debian 9.8.7-1 (2030-01-01)";

    /// <summary>The ELF file.</summary>
    /// <param name="rodata">Bytes of .rodata.</param>
    /// <param name="textSize">Bytes of .text, all nops.</param>
    /// <param name="sections">False to leave the section headers out.</param>
    public static byte[] Build(byte[] rodata, int textSize = 0x1000, bool sections = true)
    {
        const int header = 64;
        var names = "\0.text\0.rodata\0.shstrtab\0"u8;
        var text = header + (2 * 56);
        var data = text + textSize;
        var strings = data + rodata.Length;
        var table = (strings + names.Length + 7) & ~7;
        var file = new byte[sections ? table + (4 * 64) : strings];
        file.AsSpan(text, textSize).Fill(0x90);
        rodata.CopyTo(file, data);
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        U16(file, 16, 2);
        U16(file, 18, 62);
        U32(file, 20, 1);
        U64(file, 32, header);
        U16(file, 52, header);
        U16(file, 54, 56);
        U16(file, 56, 2);
        Segment(file, header, TextAddress, text, textSize, 5);
        Segment(file, header + 56, RodataAddress, data, rodata.Length, 4);
        if (sections)
        {
            names.CopyTo(file.AsSpan(strings));
            U64(file, 40, (ulong)table);
            U16(file, 58, 64);
            U16(file, 60, 4);
            U16(file, 62, 3);
            Section(file, table + 64, 1, 1, 6, TextAddress, text, textSize);
            Section(file, table + 128, 7, 1, 2, RodataAddress, data, rodata.Length);
            Section(file, table + 192, 15, 3, 0, 0, strings, names.Length);
        }

        return file;
    }

    /// <summary>.rodata with only a banner.</summary>
    public static byte[] BannerOnly => Encoding.ASCII.GetBytes("junk\0Linux version %s (%s)\n\0" + Banner + "\n\0");

    /// <summary>A bzImage around a packed kernel.</summary>
    /// <param name="packed">The packed kernel as Kbuild appends it, the unpacked size at its end.</param>
    public static byte[] BzImage(byte[] packed)
    {
        const int setupSectors = 3;
        const int gap = 0x2cc;
        var start = ((setupSectors + 1) * 512) + gap;
        var file = new byte[start + packed.Length + 100];
        file[0x1f1] = setupSectors;
        "HdrS"u8.CopyTo(file.AsSpan(0x202));
        U16(file, 0x206, 0x20f);
        U32(file, 0x248, gap);
        U32(file, 0x24c, (uint)packed.Length);
        packed.CopyTo(file, start);
        return file;
    }

    /// <summary>Appends the unpacked size, as Kbuild's size_append does.</summary>
    public static byte[] WithSize(byte[] packed, int size)
    {
        var result = new byte[packed.Length + 4];
        packed.CopyTo(result, 0);
        U32(result, packed.Length, (uint)size);
        return result;
    }

    public static void U16(byte[] file, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);

    public static void U32(byte[] file, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);

    public static void U64(byte[] file, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);

    private static void Segment(byte[] file, int at, ulong address, int offset, int size, uint flags)
    {
        U32(file, at, 1);
        U32(file, at + 4, flags);
        U64(file, at + 8, (ulong)offset);
        U64(file, at + 16, address);
        U64(file, at + 24, address);
        U64(file, at + 32, (ulong)size);
        U64(file, at + 40, (ulong)size);
    }

    private static void Section(byte[] file, int at, uint name, uint type, ulong flags, ulong address, int offset, int size)
    {
        U32(file, at, name);
        U32(file, at + 4, type);
        U64(file, at + 8, flags);
        U64(file, at + 16, address);
        U64(file, at + 24, (ulong)offset);
        U64(file, at + 32, (ulong)size);
        U64(file, at + 48, 1);
    }
}
