using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Kernel.Images;

namespace LivePatch.Kernel.Tests.Images;

public sealed class ModuleFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("module-file-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("xz", "--check=crc32", "--lzma2=dict=1MiB")]
    [InlineData("zstd", "-q", "-19")]
    [InlineData("gzip", "-n", "-9")]
    public async Task a_compressed_module_is_unpacked(string program, string first, string second)
    {
        var content = new byte[70_000];
        new Random(1).NextBytes(content.AsSpan(0, 30_000));
        var path = Path.Combine(_directory.FullName, "x.ko");
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        var suffix = program switch { "xz" => ".xz", "zstd" => ".zst", _ => ".gz" };
        try
        {
            var result = await new ProcessRunner().RunAsync(
                new ProcessRequest(program, [first, second, "-k", path]), TestContext.Current.CancellationToken);
            Assert.True(result.Succeeded, result.Error);
        }
        catch (DiagnosticException)
        {
            Assert.Skip($"{program} is not installed");
        }

        var diagnostics = new DiagnosticBag();
        var unpacked = ModuleFile.TryUnpack(path + suffix, diagnostics);
        Assert.Empty(diagnostics);
        Assert.Equal(content, unpacked!.Value.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 1, 2, 3 })]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 255, 255 })]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 9, 9 })]
    public void a_damaged_one_gives_a_diagnostic(byte[] content)
    {
        var path = Path.Combine(_directory.FullName, "bad.ko");
        File.WriteAllBytes(path, content);
        var diagnostics = new DiagnosticBag();
        Assert.Null(ModuleFile.TryUnpack(path, diagnostics));
        Assert.Equal("LP0222", Assert.Single(diagnostics).Id);
    }
}
