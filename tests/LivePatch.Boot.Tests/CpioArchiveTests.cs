using System.Text;
using LivePatch.Boot.Initramfs;
using LivePatch.Core.Processes;
using Xunit;

namespace LivePatch.Boot.Tests;

public class CpioArchiveTests
{
    [Fact]
    public void every_entry_starts_on_a_multiple_of_four_with_the_newc_magic()
    {
        var bytes = Sample();
        var offset = 0;
        var names = new List<string>();
        while (true)
        {
            Assert.Equal(0, offset % 4);
            Assert.Equal("070701", Encoding.ASCII.GetString(bytes, offset, 6));
            var size = Field(bytes, offset, 6);
            var nameSize = Field(bytes, offset, 11);
            var name = Encoding.UTF8.GetString(bytes, offset + 110, nameSize - 1);
            names.Add(name);
            if (name == "TRAILER!!!")
            {
                break;
            }

            offset = Align(Align(offset + 110 + nameSize) + size);
        }

        Assert.Equal(["a", "a/b", "a/b/script", "dev", "dev/console", "empty", "TRAILER!!!"], names);
    }

    [Fact]
    public void a_device_node_carries_its_numbers_and_a_file_its_mode()
    {
        var bytes = Sample();
        var text = Encoding.Latin1.GetString(bytes);
        var device = text.IndexOf("dev/console\0", StringComparison.Ordinal) - 110;
        Assert.Equal(0x2180, Field(bytes, device, 1));
        Assert.Equal(5, Field(bytes, device, 9));
        Assert.Equal(1, Field(bytes, device, 10));
        var script = text.IndexOf("a/b/script\0", StringComparison.Ordinal) - 110;
        Assert.Equal(0x81ED, Field(bytes, script, 1));
    }

    [Fact]
    public async Task cpio_itself_reads_the_archive()
    {
        var directory = Directory.CreateTempSubdirectory("cpio-test-");
        try
        {
            var path = Path.Combine(directory.FullName, "a.cpio");
            await File.WriteAllBytesAsync(path, Sample(), TestContext.Current.CancellationToken);
            if (!File.Exists("/bin/busybox"))
            {
                Assert.Skip("busybox is not installed");
            }

            var result = await new ProcessRunner().RunAsync(
                new ProcessRequest(
                    "/bin/busybox", ["cpio", "-i", "-d", "-F", path, "a/b/script", "empty"])
                { WorkingDirectory = directory.FullName },
                TestContext.Current.CancellationToken);
            Assert.True(result.Succeeded, result.Error);
            Assert.Equal(
                "hello",
                await File.ReadAllTextAsync(Path.Combine(directory.FullName, "a/b/script"), TestContext.Current.CancellationToken));
            Assert.Equal(0, new FileInfo(Path.Combine(directory.FullName, "empty")).Length);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void the_same_content_gives_the_same_bytes() => Assert.Equal(Sample(), Sample());

    private static byte[] Sample()
    {
        var stream = new MemoryStream();
        var archive = new CpioArchive(stream);
        archive.AddFile("/a/b/script", "hello"u8, executable: true);
        archive.AddDirectory("a/b");
        archive.AddCharacterDevice("dev/console", 5, 1);
        archive.AddFile("empty", []);
        archive.Finish();
        return stream.ToArray();
    }

    // Fields after the magic, 8 hex digits each, in the format's order.
    private static int Field(byte[] bytes, int offset, int index) =>
        Convert.ToInt32(Encoding.ASCII.GetString(bytes, offset + 6 + (index * 8), 8), 16);

    private static int Align(int value) => (value + 3) & ~3;
}
