using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;

namespace LivePatch.Core.Tests;

public sealed class AtomicFileTests
{
    [Fact]
    public void a_file_is_made_and_replaced_and_nothing_else_is_left()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("out");
        AtomicFile.WriteText(path, "first, and longer");
        AtomicFile.WriteText(path, "second");
        Assert.Equal("second", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(directory.Path));
    }

    [Fact]
    public void a_reader_keeps_the_old_content()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("out", "old");
        using var reader = new StreamReader(path);
        AtomicFile.WriteText(path, "new");
        Assert.Equal("old", reader.ReadToEnd());
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void a_missing_directory_is_a_diagnostic_that_names_the_file()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "missing", "out");
        var diagnostic = DiagnosticAssert.Throws(CoreDiagnostics.CannotWrite, () => AtomicFile.WriteText(path, "x"));
        Assert.Equal(path, diagnostic.Location.File);
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
    }

    [Fact]
    public void a_place_nobody_may_write_to_is_a_diagnostic()
    {
        // Not even root creates files there.
        DiagnosticAssert.Throws(CoreDiagnostics.CannotWrite, () => AtomicFile.WriteText("/proc/klp-build-test", "x"));
    }

    [Fact]
    public void a_failed_rename_leaves_no_temporary_file()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("taken");
        Directory.CreateDirectory(Path.Combine(path, "inside"));
        DiagnosticAssert.Throws(CoreDiagnostics.CannotWrite, () => AtomicFile.WriteText(path, "x"));
        Assert.Equal([path], Directory.GetFileSystemEntries(directory.Path));
    }
}
