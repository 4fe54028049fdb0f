using LivePatch.Elf;
using LivePatch.Module.Shipped;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Module.Tests;

/// <summary>Which bits of shipped code may be others than in the object: those a relocation writes, and no others.</summary>
public sealed class ShippedCodeTests
{
    private static readonly byte[] Code = [0x00, 0x00, 0x00, 0x90, 0x00, 0x00, 0x40, 0xb9, 0x00, 0x00, 0x00, 0x94, 0xc0, 0x03, 0x5f, 0xd6];

    /// <summary>adrp x0, v; ldr w0, [x0, :lo12:v]; bl g; ret.</summary>
    [Theory]
    [InlineData(0, 0xe0, true)]
    [InlineData(0, 0x01, false)]
    [InlineData(0, 0x10, false)]
    [InlineData(2, 0xff, true)]
    [InlineData(3, 0x60, true)]
    [InlineData(3, 0x80, false)]
    [InlineData(4, 0x01, false)]
    [InlineData(5, 0xfc, true)]
    [InlineData(5, 0x02, false)]
    [InlineData(6, 0x3f, true)]
    [InlineData(6, 0x40, false)]
    [InlineData(7, 0x01, false)]
    [InlineData(8, 0xff, true)]
    [InlineData(11, 0x03, true)]
    [InlineData(11, 0x80, false)]
    [InlineData(12, 0x20, false)]
    [InlineData(15, 0x01, false)]
    public void a_bit_beside_the_field_is_compared(int at, byte bits, bool isSame)
    {
        var read = Sample();
        var there = (byte[])Code.Clone();
        there[at] ^= bits;
        Assert.Equal(isSame, new ShippedCode(read, Arm64Stub.Registered).IsSame(read.FindSection(".text.f")!, there));
    }

    private static ElfObject Sample() =>
        new ElfObjectFactory()
            .Function("f", Code)
            .Variable("v", [1, 2, 3, 4])
            .Undefined("g")
            .Relocate(".text.f", 0, 275, "v")
            .Relocate(".text.f", 4, 285, "v")
            .Relocate(".text.f", 8, 283, "g")
            .Read();
}
