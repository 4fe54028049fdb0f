using LivePatch.Elf.Native;

namespace LivePatch.Elf.Tests;

/// <summary>A library that shares nothing with our reader sees the same sections, symbols and notes.</summary>
public sealed class SecondReaderTests
{
    private const int ShippedModules = 60;

    public static readonly TheoryData<string> GoodNames = [.. GoodFiles.All.Keys.Where(static name => name != "counted in section 0")];

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void what_we_write_is_read_the_same(string name) => SecondReader.Accept(GoodFiles.All[name], name);

    [Theory]
    [MemberData(nameof(RoundTripTests.Builds), MemberType = typeof(RoundTripTests))]
    public void what_compilers_write_is_read_the_same(string compiler, string flags)
    {
        using var compiled =
            CompiledSource.C("int f(int x) { static int n; n += x; return n; } const char *s = \"text\";", compiler, flags.Split(' '));
        SecondReader.Accept(compiled.Bytes, "source.o");
    }

    [Fact]
    public void shipped_modules_are_read_the_same()
    {
        var release = InstalledKernels.RequireStock();
        var files = Directory.GetFiles($"/lib/modules/{release}/kernel", "*.ko", SearchOption.AllDirectories);
        Array.Sort(files, StringComparer.Ordinal);
        Assert.NotEmpty(files);
        new Random(17).Shuffle(files);
        foreach (var file in files.Take(ShippedModules))
        {
            SecondReader.Accept(File.ReadAllBytes(file), file);
        }
    }

    /// <summary>A comparison that agreed with everything would prove nothing.</summary>
    [Fact]
    public void every_kind_of_difference_is_seen()
    {
        using var ours = ElfObject.Read(With("f", [0x90, 0xc3], 4), "ours.o");
        Assert.Empty(SecondReader.Differences(ours, With("f", [0x90, 0xc3], 4)));
        Assert.Contains(
            SecondReader.Differences(ours, With("f", [0x90, 0xcc], 4)),
            static line => line.EndsWith(": contents", StringComparison.Ordinal));
        Assert.Contains(
            SecondReader.Differences(ours, With("g", [0x90, 0xc3], 4)),
            static line => line.Contains("name: f here, g there", StringComparison.Ordinal));
        Assert.Contains(
            SecondReader.Differences(ours, With("f", [0x90, 0xc3, 0x90], 4)),
            static line => line.Contains("size: 2 here, 3 there", StringComparison.Ordinal));
        Assert.Contains(
            SecondReader.Differences(ours, With("f", [0x90, 0xc3], 5)), static line => line.Contains("note", StringComparison.Ordinal));

        static byte[] With(string function, byte[] code, byte description) => new ElfObjectFactory()
            .Section(
                ".note.n",
                [2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, (byte)'n', 0, 0, 0, description, 0, 0, 0],
                ElfConstants.ShfAlloc,
                ElfConstants.ShtNote)
            .Function(function, code)
            .ToArray();
    }
}
