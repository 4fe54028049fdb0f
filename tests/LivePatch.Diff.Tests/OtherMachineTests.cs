using LivePatch.Diff.Compare;
using LivePatch.Diff.Select;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Tests;

/// <summary>Objects of a machine that only the tests know go through the engine, and where a field shares its word with registers, those
/// are compared.</summary>
public sealed class OtherMachineTests
{
    private const string Before = "adrp x0, v\\n ldr w0, [x0, :lo12:v]\\n add w0, w0, w1\\n b g";

    [Fact]
    public void the_same_object_has_no_change()
    {
        var result = Compare(Before, Before);
        Assert.DoesNotContain(result.Diagnostics, static item => item.IsFatal);
        Assert.Equal(ChangeKind.Same, KindOf(result));
    }

    /// <summary>Registers and opcodes in the words that a relocation writes to, and a word that none does.</summary>
    [Theory]
    [InlineData("adrp x0, v", "adrp x3, v")]
    [InlineData("ldr w0, [x0, :lo12:v]", "ldr w0, [x1, :lo12:v]")]
    [InlineData("ldr w0, [x0, :lo12:v]", "ldr w2, [x0, :lo12:v]")]
    [InlineData("ldr w0, [x0, :lo12:v]", "str w0, [x0, :lo12:v]")]
    [InlineData("add w0, w0, w1", "add w0, w0, w2")]
    [InlineData("b g", "bl g")]
    [InlineData("b g", "b h")]
    public void what_shares_a_word_with_a_relocated_field_is_compared(string old, string now)
    {
        var result = Compare(Before, Before.Replace(old, now, StringComparison.Ordinal));
        Assert.Equal(ChangeKind.Changed, KindOf(result));
    }

    [Fact]
    public void the_bits_that_a_relocation_writes_are_not_compared()
    {
        using var source = Compile(Before);
        var bytes = source.Bytes;
        var original = ElfObject.Read(bytes.ToArray(), "case.o");
        var code = (int)original.FindSection(".text.f")!.Offset;
        (bytes[code], bytes[code + 2], bytes[code + 3]) = ((byte)(bytes[code] | 0xe0), 0xff, (byte)(bytes[code + 3] | 0x60));
        Assert.Equal(ChangeKind.Same, KindOf(Compare(original, ElfObject.Read(bytes, "case.o"))));
    }

    [Fact]
    public void the_machine_is_found_by_its_number()
    {
        var stub = Arm64Stub.Registered;
        Assert.True(Architectures.TryGet(stub.Machine, out var found));
        Assert.Same(stub, found);
    }

    private static ChangeKind KindOf(DiffResult result) =>
        result.Changes!.Of(result.Pair!.Patched.Atoms.Single(static atom => atom.Name == "f")).Kind;

    private static DiffResult Compare(string original, string patched)
    {
        using var before = Compile(original);
        using var after = Compile(patched);
        return Compare(before.Read(), after.Read());
    }

    private static DiffResult Compare(ElfObject original, ElfObject patched) =>
        DiffEngine.Compare(
            original, patched, Arm64Stub.Registered, Arm64Stub.Registered.Catalog(
                new Dictionary<string, int>()), new DiffOptions("vmlinux", new Owners()));

    private static CompiledSource Compile(string code) =>
        CompiledSource.C(
            $"int v; __asm__(\".section .text.f,\\\"ax\\\"\\n.globl f\\n.type f,%function\\nf: {code}\\n ret\\n.size f, "
                + $".-f\\n.previous\\n\");",
            "clang", "--target=aarch64-linux-gnu", "-O2", "-ffunction-sections", "-fdata-sections");

    private sealed class Owners : ISymbolOwners
    {
        public bool IsInVmlinux(string name) => true;
    }
}
