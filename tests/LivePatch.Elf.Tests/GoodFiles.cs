using System.Buffers.Binary;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Elf.Tests;

/// <summary>Small sound files to damage; between them they use every feature the reader knows.</summary>
internal static class GoodFiles
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["relocatable"] = Relocatable().ToArray(),
        ["livepatch"] = Relocatable().LivepatchRelocation(".text.f", "vmlinux", "g,1", 4, X64RelocationType.Pc32).ToArray(),
        ["extended"] = Extended(),
        ["counted in section 0"] = CountedInSectionZero(),
        ["linked"] = Linked(),
    };

    private static ElfObjectFactory Relocatable() => new ElfObjectFactory()
        .File("case.c")
        .Section(
            ".rodata.str1.1",
            "one\0two\0"u8.ToArray(),
            ElfConstants.ShfAlloc | ElfConstants.ShfMerge | ElfConstants.ShfStrings,
            entrySize: 1)
        .SectionSymbol(".rodata.str1.1")
        .Section(".bss.v", new byte[64], ElfConstants.ShfAlloc | ElfConstants.ShfWrite, ElfConstants.ShtNobits, alignment: 32)
        .Define("v", ".bss.v", 0, 64)
        .Function("f", new byte[24])
        .Function("inl", new byte[8], ElfSymbolBinding.Weak)
        .Variable("table", new byte[16], ElfSymbolBinding.Local)
        .Undefined("printk")
        .Relocate(".text.f", 1, X64RelocationType.Plt32, "printk", -4)
        .Relocate(".text.f", 9, X64RelocationType.Abs32S, ".rodata.str1.1", 4)
        .Relocate(".data.table", 8, X64RelocationType.Abs64, "f")
        .Relocate(".data.table", 0, X64RelocationType.Abs64, "inl")
        .Comdat("inl", ".text.inl");

    /// <summary>With a SHT_SYMTAB_SHNDX table, which a file this small needs for nothing.</summary>
    private static byte[] Extended()
    {
        var factory = Relocatable();
        var symbol = factory.Builder.AddSymbol("far");
        symbol.ReservedIndex = ElfConstants.ShnXindex;
        symbol.Binding = ElfSymbolBinding.Global;
        var table = factory.Builder.AddSection(".symtab_shndx", ElfConstants.ShtSymtabShndx);
        table.LinksToSymbolTable = true;
        table.Alignment = 4;
        table.EntrySize = 4;
        var words = new byte[(factory.Builder.Symbols.Count + 1) * 4];
        BinaryPrimitives.WriteUInt32LittleEndian(words.AsSpan(words.Length - 4), 3);
        table.Data = words;
        return factory.ToArray();
    }

    /// <summary>With e_shnum 0 and e_shstrndx SHN_XINDEX, as from 65,280 sections on.</summary>
    private static byte[] CountedInSectionZero()
    {
        var bytes = Relocatable().ToArray();
        var headers = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(headers + 32), BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(60)));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(headers + 40), BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(62)));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(62), ElfConstants.ShnXindex);
        return bytes;
    }

    /// <summary>ET_EXEC with two program headers at kernel addresses put behind the section headers.</summary>
    private static byte[] Linked()
    {
        var bytes = new ElfObjectFactory().Function("start", [0x90, 0xc3, 0, 0]).Variable("v", new byte[8]).ToArray();
        var headers = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40));

        // Program headers go between the contents and the section headers, so that these still end the file.
        byte[] result = [.. bytes[..headers], .. new byte[2 * ElfConstants.PhdrSize], .. bytes[headers..]];
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(16), ElfConstants.EtExec);
        BinaryPrimitives.WriteUInt64LittleEndian(result.AsSpan(32), (ulong)headers);
        BinaryPrimitives.WriteUInt64LittleEndian(result.AsSpan(40), (ulong)headers + (2 * ElfConstants.PhdrSize));
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(54), ElfConstants.PhdrSize);
        BinaryPrimitives.WriteUInt16LittleEndian(result.AsSpan(56), 2);
        for (var index = 0; index < 2; index++)
        {
            var at = result.AsSpan(headers + (index * ElfConstants.PhdrSize));
            BinaryPrimitives.WriteUInt32LittleEndian(at, 1);
            BinaryPrimitives.WriteUInt64LittleEndian(at[8..], 64 + ((ulong)index * 16));
            BinaryPrimitives.WriteUInt64LittleEndian(at[16..], 0xffff_ffff_8100_0000 + ((ulong)index * 4096));
            BinaryPrimitives.WriteUInt64LittleEndian(at[32..], 16);
            BinaryPrimitives.WriteUInt64LittleEndian(at[40..], 32);
        }

        return result;
    }
}
