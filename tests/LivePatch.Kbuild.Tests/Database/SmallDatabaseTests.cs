using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild.Database;
using Xunit;

namespace LivePatch.Kbuild.Tests.Database;

public sealed class SmallDatabaseTests : IDisposable
{
    private readonly SmallTree _tree = new();

    public SmallDatabaseTests()
    {
        _tree.Write("Kbuild", "obj-y := fs/ lib/ net/\nobj-m := drivers/");
        _tree.Write("fs/Makefile", "obj-y := core.o both.o\nobj-$(CONFIG_OFF) += off.o off/\nobj-m := plain.o\nccflags-y := -DFS");
        _tree.Write("lib/Makefile", "lib-y := text.o");
        _tree.Write(
            "net/Makefile",
            "obj-$(CONFIG_ON) += group.o\ngroup-y := one.o two.o\nobj-m := net-a.o net-b.o\nnet-a-y := a.o shared.o "
                + "../fs/elsewhere.o\nnet-b-y := b.o shared.o one.o");
        _tree.Write("drivers/Makefile", "obj-y := lost.o\nobj-m := found.o");
        foreach (var file in new[] { "fs/core", "fs/both", "fs/off", "fs/plain", "fs/elsewhere", "lib/text", "net/one", "net/two", "net/a", "net/b", "net/shared", "drivers/lost", "drivers/found" })
        {
            _tree.Write(file + ".c", "int x;");
        }

        _tree.Write("fs/core.c", "#include \"part.c\"");
        _tree.Write("fs/part.c", "int y;");
    }

    private string Root => _tree.Root;

    public void Dispose() => _tree.Dispose();

    [Fact]
    public async Task EveryObjectHasItsOwners()
    {
        using var database = _tree.Database();
        var all = await database.AllAsync(2, TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "drivers/found.o: drivers/found.ko",
                "drivers/lost.o: ",
                "fs/both.o: vmlinux",
                "fs/core.o: vmlinux",
                "fs/elsewhere.o: net/net-a.ko",
                "fs/plain.o: fs/plain.ko",
                "lib/text.o: vmlinux",
                "net/a.o: net/net-a.ko",
                "net/b.o: net/net-b.ko",
                "net/one.o: vmlinux, net/net-b.ko",
                "net/shared.o: net/net-a.ko, net/net-b.ko",
                "net/two.o: vmlinux",
            ],
            all.Select(static item => $"{item.Path}: {string.Join(", ", item.Owners)}"));
        Assert.Equal(["lib/text.o"], all.Where(static item => item.IsLibrary).Select(static item => item.Path));
        Assert.Equal("cc -DFS -c -o fs/core.o fs/core.c", all.Single(static item => item.Path == "fs/core.o").Command!.Text);
        Assert.True(database.IsComplete);
    }

    [Fact]
    public async Task ALaterRunReadsWhatAnEarlierOneFound()
    {
        IReadOnlyList<KbuildObject> first;
        using (var database = _tree.Database())
        {
            first = await database.AllAsync(2, TestContext.Current.CancellationToken);
        }

        // Without makefiles there is nothing left to ask.
        File.Delete(Path.Combine(Root, "fs/Makefile"));
        using var again = _tree.Database();
        var second = await again.AllAsync(2, TestContext.Current.CancellationToken);
        Assert.Equal(
            first.Select(static item => (item.Path, item.Source, string.Join(",", item.Owners))),
            second.Select(static item => (item.Path, item.Source, string.Join(",", item.Owners))));
    }

    [Theory]
    [InlineData("fs/core.c", "fs/core.o")]
    [InlineData("fs/part.c", "fs/core.o")]
    [InlineData("fs/elsewhere.c", "fs/elsewhere.o")]
    [InlineData("net/shared.c", "net/shared.o")]
    [InlineData("fs/off.c", "")]
    public async Task OneSourceNeedsFewDirectories(string source, string expected)
    {
        using var database = _tree.Database();
        var found = await database.ObjectsOfAsync(source, TestContext.Current.CancellationToken);
        Assert.Equal(expected, string.Join(" ", found.Select(static item => item.Path)));
        Assert.False(database.IsComplete);
    }

    /// <summary>Each file that a question left behind, and each that all questions leave behind, in each way that one may be
    /// damaged.</summary>
    [Theory]
    [InlineData("emptied", false)]
    [InlineData("cut", false)]
    [InlineData("one bit", false)]
    [InlineData("deleted", false)]
    [InlineData("a directory", false)]
    [InlineData("another's", false)]
    [InlineData("emptied", true)]
    [InlineData("cut", true)]
    [InlineData("one bit", true)]
    [InlineData("deleted", true)]
    [InlineData("a directory", true)]
    [InlineData("another's", true)]
    public async Task WhatIsDamagedIsAskedAgain(string damage, bool complete)
    {
        async Task<string> AnswerAsync()
        {
            using var database = _tree.Database();
            if (complete)
            {
                await database.AllAsync(2, TestContext.Current.CancellationToken);
            }

            var found = await database.ObjectsOfAsync("fs/part.c", TestContext.Current.CancellationToken);
            var shared = await database.ObjectsOfAsync("fs/elsewhere.c", TestContext.Current.CancellationToken);
            return string.Join(
                " ", found.Concat(shared).Select(static item => $"{item.Path} {item.Command?.Text} {string.Join(",", item.Owners)}"));
        }

        var good = await AnswerAsync();
        Assert.Contains("fs/elsewhere.o", good, StringComparison.Ordinal);
        var files = Directory.GetFiles(_tree.DatabaseDirectory).Where(static file => new FileInfo(file).Length > 0).ToList();
        Assert.Equal(complete, files.Exists(static file => Path.GetFileName(file) == "all"));
        Assert.True(files.Count >= 4);
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            File.Delete(file);
            switch (damage)
            {
                case "emptied":
                    File.WriteAllBytes(file, []);
                    break;
                case "cut":
                    File.WriteAllBytes(file, bytes[..(bytes.Length - 1)]);
                    break;
                case "one bit":
                    bytes[bytes.Length - 1] ^= 1;
                    File.WriteAllBytes(file, bytes);
                    break;
                case "a directory":
                    Directory.CreateDirectory(file);
                    break;
                case "another's":
                    File.Copy(files.First(other => other != file && File.Exists(other)), file);
                    break;
            }

            Assert.Equal(good, await AnswerAsync());
        }
    }

    [Fact]
    public async Task ADirectoryTellsWhatIsConfiguredOut()
    {
        using var database = _tree.Database();
        var directory = await database.DirectoryAsync("fs", TestContext.Current.CancellationToken);
        Assert.Equal(["fs/off.o", "fs/off/"], directory!.ConfiguredOut.Order());
        Assert.Null(await database.DirectoryAsync("fs/off", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AMakefileThatMakeCannotReadIsADiagnostic()
    {
        _tree.Write("Makefile", "$(error this is no kernel)");
        using var database = _tree.Database();
        var failure =
            await Assert.ThrowsAsync<DiagnosticException>(
                () => database.ObjectsOfAsync("fs/core.c", TestContext.Current.CancellationToken));
        var diagnostic = Assert.Single(failure.Diagnostics);
        Assert.Equal("LP0332", diagnostic.Id);
        Assert.Contains("this is no kernel", diagnostic.Text, StringComparison.Ordinal);
    }
}
