using LivePatch.Core.IO;

namespace LivePatch.Core.Tests;

/// <summary>Files of a cache, and what may happen to them.</summary>
public sealed class SealedFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _damaged = [];

    private string Path => _directory.File("kept");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("content\nof two lines\n")]
    public void what_was_written_is_read(string content)
    {
        SealedFile.WriteText(Path, "the subject", content);
        Assert.Equal(content, SealedFile.TryReadText(Path, "the subject", _damaged.Add));
        Assert.Empty(_damaged);
    }

    [Fact]
    public void nothing_is_no_damage()
    {
        Assert.Null(SealedFile.TryRead(Path, "the subject", _damaged.Add));
        Assert.Empty(_damaged);
    }

    public static TheoryData<string> Damages =>
        ["emptied", "cut", "one bit", "a byte more", "another's", "no line", "a directory", "the same time and size"];

    [Theory]
    [MemberData(nameof(Damages))]
    public void what_is_damaged_is_nothing_and_can_be_written_anew(string damage)
    {
        SealedFile.WriteText(Path, "the subject", "content");
        var bytes = File.ReadAllBytes(Path);
        var time = File.GetLastWriteTimeUtc(Path);
        switch (damage)
        {
            case "emptied":
                File.WriteAllBytes(Path, []);
                break;
            case "cut":
                File.WriteAllBytes(Path, bytes[..^1]);
                break;
            case "one bit":
                bytes[^3] ^= 1;
                File.WriteAllBytes(Path, bytes);
                break;
            case "a byte more":
                File.WriteAllBytes(Path, [.. bytes, 0]);
                break;
            case "another's":
                SealedFile.WriteText(Path, "another subject", "content");
                break;
            case "no line":
                File.WriteAllText(Path, "content");
                break;
            case "a directory":
                File.Delete(Path);
                Directory.CreateDirectory(Path);
                File.WriteAllText(System.IO.Path.Combine(Path, "somebody's"), "own");
                break;
            default:
                File.WriteAllText(Path, File.ReadAllText(Path).Replace("content", "CONTENT", StringComparison.Ordinal));
                File.SetLastWriteTimeUtc(Path, time);
                break;
        }

        Assert.Null(SealedFile.TryRead(Path, "the subject", _damaged.Add));
        Assert.Single(_damaged);
        SealedFile.WriteText(Path, "the subject", "again");
        Assert.Equal("again", SealedFile.TryReadText(Path, "the subject"));

        // A directory was not of this tool's making.
        Assert.Equal(
            damage == "a directory" ? 1 : 0, Directory.GetFiles(_directory.Path, "somebody's", SearchOption.AllDirectories).Length);
    }
}
