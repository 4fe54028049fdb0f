using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Diff.Tests;

/// <summary>Pairs that are not worth comparing, which no compiler makes.</summary>
public sealed class UnreadablePairTests
{
    [Fact]
    public void objects_with_different_headers_are_refused()
    {
        using var source = CompiledSource.C("int f(int x) { return x + 1; }");
        var other = source.Bytes;
        other[7] = 3; // EI_OSABI: ELFOSABI_GNU
        Expect("LP0401", source.Read(), ElfObject.Read(other, "source.o"));
    }

    [Fact]
    public void a_linked_file_is_refused()
    {
        using var source = CompiledSource.C("int f(int x) { return x + 1; }");
        var linked = source.Bytes;
        linked[16] = 3; // ET_DYN
        var diagnostics = new DiagnosticBag();
        using var file = ElfObject.TryRead(linked, "source.so", diagnostics);
        Assert.NotNull(file);
        Expect("LP0402", file, file);
    }

    [Fact]
    public void a_loaded_section_of_no_type_is_refused()
    {
        using var source = CompiledSource.C("void g(const char *); void f(void) { g(\"text\"); }", "gcc", "-O2");
        var bytes = source.Bytes;
        var section = source.Read().Sections.First(static section => section is { IsStrings: true, IsAllocated: true });
        var header = (int)BitConverter.ToInt64(bytes, 0x28) + (section.Index * 64);
        bytes.AsSpan(header + 4, 4).Clear(); // sh_type: SHT_NULL
        Expect("LP0402", ElfObject.Read(bytes, "source.o"), ElfObject.Read(bytes, "source.o"));
    }

    private static void Expect(string id, ElfObject original, ElfObject patched)
    {
        var diagnostics = new DiagnosticBag();
        Assert.Null(
            ObjectPair.TryRead(
                original, patched, Architectures.X64, X64SpecialSections.Create(new Dictionary<string, int>()), diagnostics));
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.True(diagnostic.IsFatal);
    }
}
