using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Trees;

/// <summary>Work trees made from directories: a plain source, a tree a kernel was built in, and one with O=.</summary>
public sealed class WorkTreePreparerTests : IDisposable
{
    private static readonly DateTime LongAgo = DateTime.UtcNow.AddDays(-2);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task what_a_build_left_in_the_source_stays_out()
    {
        Source();
        Build("source");
        File.CreateSymbolicLink(_directory.File("source/scripts/link"), "../Makefile");

        var tree = await PrepareAsync("source", builtAt: DateTime.UtcNow);

        Assert.Equal(
            [
                ".config", "Makefile", "arch/x86/include/generated/asm.h", "arch/x86/kernel/vmlinux.lds.S", "fs/a.c", "include/a.h",
                "include/config/auto.conf",
                "include/config/auto.conf.cmd", "include/generated/.autoconf.h.cmd", "include/generated/autoconf.h", "lib/table.h",
                "scripts/fixdep", "scripts/link",
            ],
            Files(tree.Root));
        Assert.Equal("../Makefile", new FileInfo(Path.Combine(tree.Root, "scripts/link")).LinkTarget);
        Assert.Equal(LongAgo, File.GetLastWriteTimeUtc(Path.Combine(tree.Root, "fs/a.c")), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task an_o_directory_gives_what_was_generated_in_it()
    {
        Source();
        Build("build");
        File.CreateSymbolicLink(_directory.File("build/source"), _directory.File("source"));

        var tree = await PrepareAsync("build", builtAt: DateTime.UtcNow);

        Assert.Equal("generated", File.ReadAllText(Path.Combine(tree.Root, "lib/table.h")));
        Assert.True(File.Exists(Path.Combine(tree.Root, "scripts/fixdep")));
        Assert.DoesNotContain(
            Files(tree.Root),
            static file =>
                file.EndsWith(".o", StringComparison.Ordinal) || file.EndsWith(".mod.c", StringComparison.Ordinal)
                    || file.StartsWith("source", StringComparison.Ordinal));
    }

    [Fact]
    public async Task neither_directory_is_changed()
    {
        Source();
        Build("build");
        var before = Stamps();

        await PrepareAsync("build", builtAt: DateTime.UtcNow);

        Assert.Equal(before, Stamps());
    }

    [Fact]
    public async Task a_source_newer_than_its_kernel_is_named()
    {
        Source();
        Build("build");
        var built = DateTime.UtcNow.AddHours(-1);
        File.SetLastWriteTimeUtc(_directory.File("source/fs/a.c"), built.AddMinutes(1));

        var failure = await Assert.ThrowsAsync<DiagnosticException>(() => PrepareAsync("build", built));

        var found = Assert.Single(failure.Diagnostics);
        Assert.Equal("LP0380", found.Id);
        Assert.Equal(_directory.File("source/fs/a.c"), found.Location.File);
        Assert.NotNull(await PrepareAsync("build", built.AddMinutes(2)));
    }

    [Fact]
    public async Task what_kbuild_made_after_the_kernel_is_no_change_of_the_source()
    {
        Source();
        Build("source");
        var built = DateTime.UtcNow.AddHours(-1);
        foreach (var made in (string[])["lib/table.h", "fs/a.mod.c", "include/generated/autoconf.h"])
        {
            File.SetLastWriteTimeUtc(_directory.File("source/" + made), DateTime.UtcNow);
        }

        Assert.NotNull(await PrepareAsync("source", built));
    }

    [Fact]
    public async Task headers_of_another_source_are_refused_and_leave_nothing()
    {
        Source();
        Build("build");
        _directory.Write("common/include/a.h", "int a(void);\n");

        var inputs = Inputs("build", null) with { CommonHeadersDirectory = _directory.File("common") };
        var failure = await Assert.ThrowsAsync<DiagnosticException>(() => PrepareAsync(inputs));

        var found = Assert.Single(failure.Diagnostics);
        Assert.Equal("LP0381", found.Id);
        Assert.Contains("include/a.h", found.Text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_directory.File("cache/kernels"), "tree*", SearchOption.AllDirectories));

        _directory.Write("common/include/a.h", "int a;\n");
        Assert.NotNull(await PrepareAsync(inputs));
    }

    private void Source()
    {
        Write("source/Makefile", "VERSION = 6\n");
        Write("source/fs/a.c", "int a;\n");
        Write("source/include/a.h", "int a;\n");
        Write("source/arch/x86/kernel/vmlinux.lds.S", "/* linker script */\n");
        Directory.CreateDirectory(_directory.File("source/scripts"));
    }

    private void Build(string name)
    {
        foreach (var file in (string[])[
            ".config", "include/config/auto.conf", "include/generated/autoconf.h", "arch/x86/include/generated/asm.h", "lib/table.h",
            "lib/.table.h.cmd",
            "fs/a.o", "fs/.a.o.cmd", "fs/a.ko", "fs/a.mod", "fs/a.mod.c", "fs/built-in.a", "vmlinux", "System.map",
            ".tmp_vmlinux.kallsyms1", "modules.order", "include/generated/.autoconf.h.cmd",
        ])
        {
            Write($"{name}/{file}", "generated");
        }

        Write($"{name}/scripts/fixdep", "\u007fELF and more");
        File.SetUnixFileMode(
            _directory.File($"{name}/scripts/fixdep"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void Write(string name, string content) => File.SetLastWriteTimeUtc(_directory.Write(name, content), LongAgo);

    private WorkTreeInputs Inputs(string build, DateTime? builtAt) => new(
        "6.6.30-mine", _directory.File("source"), IsTarball: false, _directory.File(build), _directory.File(build + "/.config"), "x86",
        new Toolchain("gcc-12", "gcc-12", "gcc-12", "gcc-12 (Debian 12.2.0-14) 12.2.0", []))
    {
        BuiltAt = builtAt,
    };

    private Task<WorkTree> PrepareAsync(string build, DateTime builtAt) => PrepareAsync(Inputs(build, builtAt));

    private Task<WorkTree> PrepareAsync(WorkTreeInputs inputs) =>
        new WorkTreePreparer(new ProcessRunner(), new Silence())
            .PrepareAsync(inputs, new CacheDirectory(_directory.File("cache")), CancellationToken.None);

    private static List<string> Files(string root) =>
        [
            .. Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                .Select(file => Path.GetRelativePath(root, file))
                .Order(StringComparer.Ordinal)];

    private List<(string, long, DateTime)> Stamps() =>
        [.. Files(_directory.Path).Where(static file => !file.StartsWith("cache", StringComparison.Ordinal))
            .Select(file => new FileInfo(_directory.File(file)))
                .Select(static file => (file.FullName, file.Length, file.LastWriteTimeUtc))];

    private sealed class Silence : IBuildProgress
    {
        public void Stage(string stage)
        {
        }

        public void Log(string line)
        {
        }
    }
}
