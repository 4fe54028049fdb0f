using System.Text;
using LivePatch.Kernel.Btf;

namespace LivePatch.Kernel.Tests.Btf;

public sealed class BtfReaderTests
{
    private const int Int = 1;
    private const int Struct = 4;
    private const int Enum64 = 19;

    [Fact]
    public void a_structure_has_the_size_its_record_says()
    {
        var btf =
            BtfReader.TryParse(
                Blob((Int, "int", 4, 0, 4), (Struct, "alt_instr", 14, 2, 24), (Enum64, "e", 8, 3, 36), (Struct, "bug_entry", 12, 0, 0)));

        Assert.Equal(14, btf!.SizeOfStruct("alt_instr"));
        Assert.Equal(12, btf.SizeOfStruct("bug_entry"));
        Assert.Null(btf.SizeOfStruct("int"));
        Assert.Null(btf.SizeOfStruct("absent"));
    }

    [Fact]
    public void structures_of_one_name_and_different_sizes_have_none()
    {
        var btf =
            BtfReader.TryParse(Blob((Struct, "s", 14, 0, 0), (Struct, "s", 12, 0, 0), (Struct, "t", 8, 0, 0), (Struct, "t", 8, 0, 0)));

        Assert.Null(btf!.SizeOfStruct("s"));
        Assert.Equal(8, btf.SizeOfStruct("t"));
    }

    [Fact]
    public void an_unknown_kind_or_damage_gives_nothing()
    {
        Assert.Null(BtfReader.TryParse(Blob((Struct, "s", 14, 0, 0), (20, "future", 0, 0, 0))));
        Assert.Null(BtfReader.TryParse(Blob((Struct, "s", 14, 9, 24))));
        var good = Blob((Struct, "s", 14, 0, 0), (Struct, "s2", 12, 1, 12));
        Assert.NotNull(BtfReader.TryParse(good));
        for (var length = 0; length < good.Length; length++)
        {
            Assert.Null(BtfReader.TryParse(good.AsSpan(0, length)));
        }
    }

    private static byte[] Blob(params (int Kind, string Name, uint Size, int Count, int DataLength)[] records)
    {
        var types = new List<byte>();
        var strings = new List<byte> { 0 };
        foreach (var (kind, name, size, count, dataLength) in records)
        {
            types.AddRange(BitConverter.GetBytes(strings.Count));
            types.AddRange(BitConverter.GetBytes((uint)((kind << 24) | count)));
            types.AddRange(BitConverter.GetBytes(size));
            types.AddRange(new byte[dataLength]);
            strings.AddRange(Encoding.ASCII.GetBytes(name + "\0"));
        }

        var blob = new List<byte> { 0x9f, 0xeb, 1, 0 };
        foreach (var field in new[] { 24, 0, types.Count, types.Count, strings.Count })
        {
            blob.AddRange(BitConverter.GetBytes(field));
        }

        return [.. blob, .. types, .. strings];
    }
}
