using LivePatch.Core.Diagnostics;
using LivePatch.Elf.Text;
using LivePatch.Elf.Writing;

namespace LivePatch.Elf.Tests;

/// <summary>
/// Whatever the bytes, the layer answers with an object or with diagnostics. What is still read is also looked
/// up, dumped and rewritten, since later stages do the same with it.
/// </summary>
public sealed class HostileFileTests
{
    private const int RandomChangesPerFile = 20_000;

    public static TheoryData<string> Names => [.. GoodFiles.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void the_files_are_sound_to_begin_with(string name)
    {
        using var read = ElfObject.Read(GoodFiles.All[name], name);
        Assert.NotEmpty(read.Sections);
        Assert.NotEmpty(read.Symbols);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void every_cut_is_a_diagnostic(string name)
    {
        // The section headers end these files, so no cut leaves a sound one.
        foreach (var bad in ElfMutator.Truncations(GoodFiles.All[name]))
        {
            var diagnostics = new DiagnosticBag();
            Assert.Null(ElfObject.TryRead(bad, "cut.o", diagnostics));
            Assert.True(Assert.Single(diagnostics).IsFatal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void every_evil_field_value_is_read_or_reported(string name)
    {
        var (read, refused) = TryAll(ElfMutator.Substitutions(GoodFiles.All[name]));
        Assert.True(refused > 500, $"only {refused} refused");
        Assert.True(read > 100, $"only {read} read");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void random_damage_is_read_or_reported(string name)
    {
        var (read, refused) = TryAll(ElfMutator.RandomChanges(GoodFiles.All[name], seed: 20240817, RandomChangesPerFile));
        Assert.Equal(RandomChangesPerFile, read + refused);
        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    private static (int Read, int Refused) TryAll(IEnumerable<byte[]> files)
    {
        var read = 0;
        var refused = 0;
        foreach (var file in files)
        {
            var diagnostics = new DiagnosticBag();
            using var parsed = ElfObject.TryRead(file, "hostile.o", diagnostics);
            if (parsed is null)
            {
                Assert.True(Assert.Single(diagnostics).IsFatal);
                refused++;
                continue;
            }

            Assert.Empty(diagnostics);
            read++;
            Use(parsed, file.Length);
        }

        return (read, refused);
    }

    private static void Use(ElfObject parsed, int length)
    {
        Assert.NotEmpty(ElfDump.Write(parsed, ElfDumpParts.Tables | ElfDumpParts.Content));
        var lookup = new ElfSymbolLookup(parsed);
        foreach (var section in parsed.Sections)
        {
            lookup.FindContaining(section, section.Size / 2);
            lookup.FindEndingAt(section, section.Size);
            Assert.Equal(section.Relocations.Count, new ElfRelocationLookup(section).InRange(0, ulong.MaxValue).Length);
        }

        try
        {
            var bytes = ElfObjectBuilder.From(parsed).ToArray();
            Assert.True(bytes.Length < (8 * length) + (parsed.Sections.Count * 4096), $"{length} bytes became {bytes.Length}");
        }
        catch (DiagnosticException refusal)
        {
            Assert.All(refusal.Diagnostics, static diagnostic => Assert.Equal("LP0106", diagnostic.Id));
        }
    }
}
