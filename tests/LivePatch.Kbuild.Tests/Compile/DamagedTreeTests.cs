using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Compile;

/// <summary>Compiles that read a damaged work tree: a runner in the place of the compiler damages it.</summary>
public sealed class DamagedTreeTests : IProcessRunner, IBuildProgress, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private WorkTree? _tree;
    private int _damages;
    private int _runs;
    private bool _fails;

    public DamagedTreeTests()
    {
        _directory.Write("source/fs/a.c", "int a;\n");
        _directory.Write("source/fs/a.h", "int b;\n");
        foreach (var name in (string[])[".config", "include/config/auto.conf", "include/generated/autoconf.h", "arch/x86/include/generated/asm.h"])
        {
            _directory.Write("build/" + name, "generated");
        }
    }

    private string Overlay => _directory.File("overlay");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public async Task what_was_compiled_of_damaged_files_is_compiled_again(int damages, int runs)
    {
        _damages = damages;
        Assert.Equal(Path.Combine(Overlay, "fs/a.o"), (await PatchedAsync()).File);
        Assert.Equal(runs, _runs);
    }

    [Fact]
    public async Task what_does_not_compile_because_of_damage_compiles_then()
    {
        (_damages, _fails) = (1, true);
        await PatchedAsync();
        Assert.Equal(2, _runs);
    }

    [Fact]
    public async Task what_does_not_compile_in_a_whole_tree_is_no_damage()
    {
        (_damages, _fails) = (0, true);
        var failure = await Assert.ThrowsAsync<DiagnosticException>(PatchedAsync);
        Assert.Equal("LP0323", Assert.Single(failure.Diagnostics).Id);
        Assert.Equal(1, _runs);
    }

    [Fact]
    public async Task a_tree_that_somebody_keeps_changing_is_named()
    {
        _damages = int.MaxValue;
        var failure = await Assert.ThrowsAsync<DiagnosticException>(PatchedAsync);
        var found = Assert.Single(failure.Diagnostics);
        Assert.Equal("LP0334", found.Id);
        Assert.Equal(_tree!.Root, found.Location.File);
    }

    void IBuildProgress.Stage(string stage)
    {
    }

    void IBuildProgress.Log(string line)
    {
    }

    Task<ProcessResult> IProcessRunner.RunAsync(ProcessRequest request, CancellationToken cancellationToken)
    {
        _runs++;
        var isDamaged = _damages > 0;
        if (isDamaged)
        {
            _damages--;
            File.WriteAllText(Path.Combine(_tree!.Root, "fs/a.h"), "int z;\n");
        }

        File.WriteAllBytes(Path.Combine(Overlay, "fs/a.o"), new ElfObjectFactory().File("a.c").ToArray());
        File.WriteAllText(Path.Combine(Overlay, "fs/.a.o.d"), $"fs/a.o: fs/a.c \\\n {Overlay}/fs/a.h /usr/include/stdio.h\n");
        var fails = _fails && (isDamaged || _runs == 1);
        return Task.FromResult(
            new ProcessResult(fails ? 1 : 0, string.Empty, fails ? "fs/a.c:1: error: no" : string.Empty, false, TimeSpan.Zero));
    }

    private async Task<CompiledObject> PatchedAsync()
    {
        var toolchain = new Toolchain("cc", "cc", "cc", "cc 1", []);
        var inputs = new WorkTreeInputs(
            "6.6",
            _directory.File("source"),
            IsTarball: false,
            _directory.File("build"),
            _directory.File("build/.config"),
            "x86",
            toolchain);
        _tree =
            await new WorkTreePreparer(this, this)
                .PrepareAsync(inputs, new CacheDirectory(_directory.File("cache")), TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(Overlay, "fs"));
        using var database = new CompileDatabase(_tree, this, this);
        var original = new CompiledObject("fs/a.o", "unused", new CompileCommand("fs/a.o", "cc -c -o fs/a.o fs/a.c"));
        return await new ObjectCompiler(_tree, database, this, this).PatchedAsync(original, Overlay, TestContext.Current.CancellationToken);
    }
}
