using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Headers;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Trees;

/// <summary>What may happen to a work tree between two runs, and that it is put right.</summary>
public sealed class TreeGuardTests : IBuildProgress, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _stages = [];

    public TreeGuardTests()
    {
        foreach (var (name, content) in (IEnumerable<(string, string)>)[
            ("Makefile", "VERSION = 6\n"), ("fs/a.c", "int a;\n"), ("fs/b.c", "int b;\n"), (
                "fs/Makefile", "obj-y := a.o b.o\n"), ("include/a.h", "int a;\n"), ("empty", ""),
        ])
        {
            _directory.Write("source/" + name, content);
        }

        File.CreateSymbolicLink(_directory.File("source/link"), "fs/a.c");
        foreach (var name in (string[])[".config", "include/config/auto.conf", "include/generated/autoconf.h", "arch/x86/include/generated/asm.h", "scripts/fixdep"])
        {
            _directory.Write("build/" + name, "\u007fELF generated");
        }

        File.SetUnixFileMode(
            _directory.File("build/scripts/fixdep"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static TheoryData<string, string> Damages => new()
    {
        { "fs/a.c", "changed" },
        { "fs/a.c", "the same time and size" },
        { "fs/a.c", "cut" },
        { "fs/a.c", "emptied" },
        { "empty", "changed" },
        { "fs/a.c", "deleted" },
        { "fs/a.c", "a directory" },
        { "fs/a.c", "a link" },
        { "fs/a.c", "a program" },
        { "fs", "deleted" },
        { "fs", "a link" },
        { "fs", "a file" },
        { "link", "changed" },
        { "link", "deleted" },
        { "scripts/fixdep", "no program" },
        { ".config", "changed" },
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task what_is_damaged_is_put_back(string path, string damage)
    {
        var tree = await PrepareAsync();
        var good = Content(tree.Root);
        Damage(Path.Combine(tree.Root, path), damage);
        Assert.NotEqual(good, Content(tree.Root));

        tree = await PrepareAsync();
        await tree.CheckAllAsync(TestContext.Current.CancellationToken);
        Assert.Equal(good, Content(tree.Root));
        Assert.Contains(_stages, static stage => stage.Contains("work tree", StringComparison.Ordinal));

        // Once is enough.
        _stages.Clear();
        tree = await PrepareAsync();
        Assert.True(await tree.CheckAllAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_stages);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task what_a_compile_used_is_put_back_when_it_is_asked_for(string path, string damage)
    {
        var tree = await PrepareAsync();
        var good = Content(tree.Root);
        Damage(Path.Combine(tree.Root, path), damage);
        string[] used = [path == "fs" ? "fs/a.c" : path, "fs/b.c", "fs/no-such-file.c"];
        Assert.Equal(damage == "a link" && path == "fs", await tree.CheckAsync(used, TestContext.Current.CancellationToken));
        Assert.True(await tree.CheckAsync(used, TestContext.Current.CancellationToken));
        await tree.CheckAllAsync(TestContext.Current.CancellationToken);
        Assert.Equal(good, Content(tree.Root));
    }

    /// <summary>A tree of links lacks what the tree lacks when it is made.</summary>
    [Theory]
    [InlineData("fs/b.c", "deleted", false)]
    [InlineData("Makefile", "cut", false)]
    [InlineData("include", "deleted", false)]
    [InlineData("include/a.h", "cut", true)]
    public async Task what_lies_beside_a_file_is_put_back_before_links_are_made(string path, string damage, bool isElsewhere)
    {
        var tree = await PrepareAsync();
        var good = Content(tree.Root);
        Damage(Path.Combine(tree.Root, path), damage);
        Assert.Equal(isElsewhere, await tree.Guard!.CheckAroundAsync(["fs/a.c", "fs/new.c"], TestContext.Current.CancellationToken));
        Assert.Equal(isElsewhere, !good.SequenceEqual(Content(tree.Root)));
    }

    [Fact]
    public async Task damage_in_the_middle_of_a_run_is_seen_too()
    {
        var tree = await PrepareAsync();
        Assert.True(await tree.CheckAsync(["fs/a.c"], TestContext.Current.CancellationToken));
        Damage(Path.Combine(tree.Root, "fs/a.c"), "the same time and size");
        Assert.False(await tree.CheckAsync(["fs/a.c"], TestContext.Current.CancellationToken));
        Assert.Equal("int a;\n", File.ReadAllText(Path.Combine(tree.Root, "fs/a.c")));
    }

    /// <summary>A Kbuild file hides the Makefile beside it, and a header one of the same name further along.</summary>
    [Theory]
    [InlineData("fs/Kbuild")]
    [InlineData("fs/a.h")]
    [InlineData("new/directory/file")]
    public async Task what_was_added_is_moved_out_and_not_deleted(string path)
    {
        var tree = await PrepareAsync();
        var good = Content(tree.Root);
        _directory.Write(Path.GetRelativePath(_directory.Path, Path.Combine(tree.Root, path)), "somebody's");
        Assert.False(await tree.CheckAsync([path], TestContext.Current.CancellationToken));
        Assert.Equal(good, Content(tree.Root));
        Assert.Equal(
            "somebody's",
            File.ReadAllText(
                Assert.Single(
                    Directory.GetFiles(tree.Directory, Path.GetFileName(path), SearchOption.AllDirectories),
                    file => file.Contains("set-aside", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("cut")]
    [InlineData("emptied")]
    [InlineData("deleted")]
    [InlineData("a directory")]
    public async Task a_lost_manifest_is_no_reason_to_believe_the_tree(string damage)
    {
        var tree = await PrepareAsync();
        var good = Content(tree.Root);
        Damage(Path.Combine(tree.Directory, "manifest"), damage);
        Damage(Path.Combine(tree.Root, "fs/a.c"), "the same time and size");
        _directory.Write(Path.GetRelativePath(_directory.Path, Path.Combine(tree.Root, "fs/Kbuild")), "somebody's");
        tree = await PrepareAsync();
        Assert.Equal(good, Content(tree.Root));
        Assert.Single(Directory.GetFiles(tree.Directory, "Kbuild", SearchOption.AllDirectories));
    }

    /// <summary>Kbuild tries compilers in directories of the tree that come and go, while the tree is searched for includes.</summary>
    [Fact]
    public async Task directories_that_come_and_go_disturb_nobody()
    {
        var tree = await PrepareAsync();
        var good = Content(tree.Root);
        using var done = new CancellationTokenSource();
        var trying = Task.Run(() =>
        {
            for (var number = 0; !done.IsCancellationRequested; number++)
            {
                var directory = Directory.CreateDirectory(Path.Combine(tree.Root, $".tmp_{number}"));
                File.WriteAllText(Path.Combine(directory.FullName, "tmp"), string.Empty);
                File.WriteAllText(Path.Combine(directory.FullName, "tmp.c"), string.Empty);
                directory.Delete(recursive: true);
            }
        }, TestContext.Current.CancellationToken);
        _stages.Clear();
        for (var round = 0; round < 200; round++)
        {
            IncludeIndexStore.Scan(tree.Root);
            TreeScan.Run(tree.Root, "x86", CancellationToken.None);
            Assert.True(round % 20 != 0 || await (await PrepareAsync()).CheckAllAsync(TestContext.Current.CancellationToken));
        }

        await done.CancelAsync();
        await trying;
        Assert.Empty(_stages);
        Assert.Equal(good, Content(tree.Root));
    }

    [Fact]
    public async Task a_deleted_tree_is_made_anew()
    {
        var tree = await PrepareAsync();
        var good = Content(tree.Root);
        Directory.Delete(tree.Root, recursive: true);
        Assert.Equal(good, Content((await PrepareAsync()).Root));
    }

    [Fact]
    public async Task a_copied_cache_is_as_good_as_the_first()
    {
        var tree = await PrepareAsync();
        var good = Content(tree.Root);
        Assert.True(Tool.Run("cp", "-r", _directory.File("cache"), _directory.File("copy")).Succeeded);
        _stages.Clear();
        var copy = await PrepareAsync("copy");
        Assert.True(await copy.CheckAllAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_stages);
        Assert.Equal(good, Content(copy.Root));
    }

    [Fact]
    public async Task what_make_left_is_known_and_its_loss_is_a_new_generation()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var tree = await PrepareAsync();
        var made = Path.Combine(tree.Root, "include/generated/flask.h");
        using (await tree.Guard!.MakingAsync(cancellation))
        {
            File.WriteAllText(made, "#define FLASK\n");
            tree.Guard.Record();
        }

        var generation = tree.Guard.Generation;
        tree = await PrepareAsync();
        Assert.True(await tree.CheckAllAsync(cancellation));
        Assert.True(tree.Guard!.IsGenerated("include/generated/flask.h"));
        Assert.Equal(generation, tree.Guard.Generation);

        Damage(made, "cut");
        tree = await PrepareAsync();
        Assert.False(tree.Guard!.IsGenerated("include/generated/flask.h"));
        Assert.NotEqual(generation, tree.Guard.Generation);
        Assert.False(File.Exists(made));
    }

    [Fact]
    public async Task what_an_interrupted_make_left_is_not_there_for_the_next()
    {
        var tree = await PrepareAsync();
        using (await tree.Guard!.MakingAsync(TestContext.Current.CancellationToken))
        {
            _directory.Write(Path.GetRelativePath(_directory.Path, Path.Combine(tree.Root, "scripts/half")), "half of a program");
        }

        tree = await PrepareAsync();
        using (await tree.Guard!.MakingAsync(TestContext.Current.CancellationToken))
        {
            Assert.False(File.Exists(Path.Combine(tree.Root, "scripts/half")));
        }
    }

    void IBuildProgress.Stage(string stage) => _stages.Add(stage);

    void IBuildProgress.Log(string line)
    {
    }

    /// <summary>Does to a file or directory what a user or a disk may do.</summary>
    private void Damage(string path, string damage)
    {
        var time = File.GetLastWriteTimeUtc(path);
        switch (damage)
        {
            case "changed" when new FileInfo(path).LinkTarget is not null:
                File.Delete(path);
                File.CreateSymbolicLink(path, "fs/b.c");
                break;
            case "changed":
                File.AppendAllText(path, "more\n");
                break;
            case "the same time and size":
                File.WriteAllText(path, File.ReadAllText(path).Replace('a', 'z'));
                File.SetLastWriteTimeUtc(path, time);
                break;
            case "cut":
                File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
                break;
            case "emptied":
                File.WriteAllBytes(path, []);
                break;
            case "a program":
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                break;
            case "no program":
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                break;
            case "a link":
                // What it leads to has the right content.
                var moved = _directory.File("moved");
                Directory.Move(path, moved);
                File.CreateSymbolicLink(path, moved);
                break;
            default:
                if (Directory.Exists(path))
                {
                    Directory.Delete(path, recursive: true);
                }
                else
                {
                    File.Delete(path);
                }

                if (damage == "a directory")
                {
                    Directory.CreateDirectory(path);
                }
                else if (damage == "a file")
                {
                    File.WriteAllText(path, "x");
                }

                break;
        }
    }

    private static List<string> Content(string root) =>
        [.. Directory.EnumerateFileSystemEntries(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(static path => new FileInfo(path).LinkTarget is not null || File.Exists(path))
            .Select(path => $"{Path.GetRelativePath(root, path)} {new FileInfo(path).LinkTarget ?? File.ReadAllText(path) + File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute)}")
            .Order(StringComparer.Ordinal)];

    private Task<WorkTree> PrepareAsync(string cache = "cache")
    {
        var toolchain = new Toolchain("gcc-12", "gcc-12", "gcc-12", "gcc-12 (Debian 12.2.0-14) 12.2.0", []);
        var inputs = new WorkTreeInputs(
            "6.6.30-mine", _directory.File("source"), IsTarball: false, _directory.File("build"), _directory.File("build/.config"), "x86",
            toolchain);
        return new WorkTreePreparer(new ProcessRunner(), this)
            .PrepareAsync(inputs, new CacheDirectory(_directory.File(cache)), TestContext.Current.CancellationToken);
    }
}
