using System.Text;
using LivePatch.Cli.Commands;
using LivePatch.Cli.Rendering;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Module.Emit;
using LivePatch.Pipeline;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Cli.Tests;

/// <summary>The program as a process, with streams, directories and names that do not fit: an exit code of the contract, a message, and nothing lost.</summary>
public sealed class HostileCommandLineTests : IDisposable
{
    private const string Patch = "--- a/fs/proc/version.c\n+++ b/fs/proc/version.c\n@@ -1 +1 @@\n-a\n+b\n";
    private readonly TemporaryDirectory _directory = new();

    private static string Program => Path.Combine(AppContext.BaseDirectory, "klp-build.dll");

    [Theory]
    [InlineData("@ --version >&-", 1, "LP0904")]
    [InlineData("@ --help >/dev/full", 1, "LP0904")]
    [InlineData("@ inspect /nonexistent.ko >&-", 1, "LP0001")]
    [InlineData("@ diff /a /b 2>/dev/full", 1, "")]
    [InlineData("@ diff /a /b 2>&-", 1, "")]
    [InlineData("@ --version >/dev/full 2>/dev/full", 1, "")]
    [InlineData("@ --version <&- >&- 2>&-", 1, "")]
    [InlineData("@ --version | head -c 0", 0, "")]
    [InlineData("@ - --cache cache <&-", 1, "LP0001")]
    [InlineData("@ - --cache cache </", 1, "LP0001")]
    [InlineData("@ - - --cache cache </dev/null", 1, "LP0902")]
    [InlineData("TMPDIR=/nonexistent @ - --cache cache </dev/null", 1, "LP0907")]
    [InlineData("TMPDIR=/nonexistent @ owners --all --cache cache", 1, "LP0907")]
    [InlineData("TMPDIR=/nonexistent @ verify x.ko", 1, "LP0907")]
    [InlineData("HOME=/nonexistent XDG_CACHE_HOME= @ x.patch", 1, "LP0384")]
    [InlineData("HOME=/nonexistent XDG_CACHE_HOME=relative @ x.patch", 1, "LP0384")]
    [InlineData("HOME=/nonexistent XDG_CACHE_HOME= @ x.patch -k 0.0.0-none --cache cache", 1, "LP02")]
    [InlineData("@ x.patch --cache 'a,b'", 1, "LP0910")]
    [InlineData("@ x.patch --cache 'a b'", 1, "LP0910")]
    [InlineData("@ x.patch --cache 'a:b/c'", 1, "LP0910")]
    [InlineData("@ x.patch --cache 'a;touch y'", 1, "LP0910")]
    [InlineData("@ x.patch --cache 'a&touch y'", 1, "LP0910")]
    [InlineData("XDG_CACHE_HOME=$PWD/a%b @ x.patch", 1, "LP0910")]
    [InlineData("mkdir 'a,b'; ln -s 'a,b' l; @ x.patch --cache l", 1, "LP0910")]
    [InlineData("@ owners --all --cache 'a(b'", 1, "LP0910")]
    [InlineData("@ x.patch -k 0.0.0-none --cache caché/x=y+z-1~/cache", 1, "LP02")]
    [InlineData("@ x.patch -n ../../x --cache cache", 1, "LP0329")]
    [InlineData("@ x.patch -n -x --cache cache", 1, "LP0329")]
    [InlineData("@ x.patch -n kernel --cache cache", 1, "LP0329")]
    [InlineData("@ x.patch -n obj --cache cache", 1, "LP0329")]
    [InlineData("@ x.patch -o 'a b.ko' --cache cache", 1, "LP0329")]
    [InlineData("@ x.patch --json x.patch --cache cache", 1, "LP0905")]
    [InlineData("@ x.patch --json ./sub/../x.patch --cache cache", 1, "LP0905")]
    [InlineData("ln -s x.patch l; @ x.patch --json l --cache cache", 1, "LP0905")]
    [InlineData("ln -s . l; @ x.patch --json l/x.patch --cache cache", 1, "LP0905")]
    [InlineData("echo mine >y; @ x.patch --json y --cache cache", 1, "LP0906")]
    [InlineData("@ --json x.patch y.patch --cache cache", 1, "LP0906")]
    [InlineData("mkdir -p o/fs; echo all: >o/fs/Makefile; @ x.patch -n fs -o o --cache cache", 1, "LP0906")]
    [InlineData("mkdir -p o d; ln -s ../d o/nm; @ x.patch -n nm -o o --cache cache", 1, "LP0906")]
    [InlineData("mkdir o; echo x >o/nm; @ x.patch -n nm -o o --cache cache", 1, "LP0906")]
    [InlineData("mkdir o; echo x >o/nm.ko; @ x.patch -o o/nm.ko --cache cache", 1, "LP0906")]
    [InlineData("mkdir -p o/nm.ko; @ x.patch -o o/nm.ko --cache cache", 1, "LP0906")]
    [InlineData("@ diff x.patch y.patch -o x.patch", 1, "LP0905")]
    [InlineData("echo mine >y; @ diff a.o b.o -o y", 1, "LP0906")]
    [InlineData("echo mine >y; @ postlink a.ko -o y", 1, "LP0906")]
    [InlineData("@ '--no-such\x1b]0;owned\x07'", 1, "")]
    [InlineData("@ 'inspect' 'x\x1b[2J\nfake: error.ko'", 1, "LP0001")]
    public void ends_with_an_exit_code_of_the_contract_and_touches_nothing(string command, int exitCode, string id)
    {
        _directory.Write("x.patch", Patch);
        var result = Tool.RunIn(_directory.Path, "/bin/sh", ["-c", command.Replace("@", $"dotnet {Program}", StringComparison.Ordinal)]);
        Assert.True(exitCode == result.ExitCode, $"{result.ExitCode}: {result.Output}{result.Error}");
        Assert.Contains(id, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("LP0005", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
        Assert.Equal(Patch, File.ReadAllText(_directory.File("x.patch")));
        Assert.False(Directory.Exists(_directory.File(".cache")));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_directory.Path, "*.log", SearchOption.AllDirectories), static file => !file.Contains("/cache/logs/", StringComparison.Ordinal));
    }

    [Fact]
    public void a_terminal_of_one_column_ends_too()
    {
        Tool.Require("script");
        _directory.Write("x.patch", Patch);
        var result = Tool.RunIn(_directory.Path, "/bin/sh", ["-c", $"timeout 60 script -qec 'stty cols 1 rows 5; TERM=xterm dotnet {Program} doctor -k 0.0.0-none' /dev/null"]);
        Assert.NotEqual(124, result.ExitCode);
        Assert.Contains("make", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kernel", false)]
    [InlineData("vmlinux", false)]
    [InlineData("livepatch", false)]
    [InlineData("ccflags", false)]
    [InlineData("subdir_ccflags", false)]
    [InlineData("-x", false)]
    [InlineData("_x", false)]
    [InlineData("", false)]
    [InlineData("a/b", false)]
    [InlineData("a.b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("a\n", false)]
    [InlineData("a23456789012345678901234567890123456789012345678901234567", false)]
    [InlineData("a234567890123456789012345678901234567890123456789012345", true)]
    [InlineData("int", true)]
    [InlineData("linux", true)]
    [InlineData("0", true)]
    [InlineData("livepatch-fix", true)]
    public void names_that_mean_something_else_are_no_module_names(string name, bool isValid) => Assert.Equal(isValid, ModuleNameRules.IsValid(name));

    [Fact]
    public void names_of_the_kernels_modules_are_known_in_every_form()
    {
        _directory.Write("modules.dep", "kernel/drivers/block/loop.ko.xz: kernel/a/snd-pcm.ko\n");
        _directory.Write("modules.builtin", "kernel/fs/ext4/ext4.ko\n");
        _directory.Write("modules.builtin.modinfo", "printk.parmtype=time:bool\0tcp_cubic.license=GPL\0");
        var names = Kernel.Targets.KernelModuleNames.Read(_directory.Path);
        Assert.All((string[])["loop", "ext4", "printk", "tcp_cubic"], name => Assert.Contains(name, names));
        Assert.DoesNotContain("livepatch_fix", names);
        Assert.Empty(Kernel.Targets.KernelModuleNames.Read("/nonexistent"));
    }

    [Fact]
    public void earlier_results_are_replaced()
    {
        Directory.CreateDirectory(_directory.File("o/nm"));
        _directory.Write("o/nm/README", "nm\n==\nMade by klp-build 1 from: x.patch\n");
        _directory.Write("o/nm.ko", "\u007fELF...klp_patch_sha256=00");
        _directory.Write("r.json", "{\"outcome\":\"built\",\"diagnostics\":[]}");
        _directory.Write("v.log", "[    0.000000] Linux version 6.1\n");
        _directory.Write("empty", string.Empty);
        Commands.OutputPlace.CheckModule(_directory.File("o"), "nm", ["x.patch"]);
        Commands.OutputPlace.CheckModule(_directory.File("o"), "other", ["x.patch"]);
        Commands.OutputPlace.CheckJson(_directory.File("r.json"), ["x.patch"]);
        Commands.OutputPlace.CheckJson(_directory.File("empty"), ["x.patch"]);
        Commands.OutputPlace.CheckJson("/dev/stdout", ["x.patch"]);
        Commands.OutputPlace.CheckLog(_directory.File("v.log"), ["x.patch"]);
        Assert.Throws<DiagnosticException>(() => Commands.OutputPlace.CheckLog(_directory.File("r.json"), []));
        Assert.Throws<DiagnosticException>(() => Commands.OutputPlace.CheckJson(_directory.File("v.log"), []));
    }

    [Fact]
    public void links_are_followed_to_the_real_path()
    {
        Directory.CreateDirectory(_directory.File("a/b"));
        File.CreateSymbolicLink(_directory.File("l"), "a/b");
        File.CreateSymbolicLink(_directory.File("a/b/up"), "../../x");
        File.CreateSymbolicLink(_directory.File("circle"), "circle");
        Assert.Equal(RealPath.Of(_directory.File("x")), RealPath.Of(_directory.File("l/up")));
        Assert.Equal(RealPath.Of(_directory.File("a/b/new")), RealPath.Of(_directory.File("l/./new")));
        Assert.EndsWith("/circle", RealPath.Of(_directory.File("circle")), StringComparison.Ordinal);
        Assert.Equal("/", RealPath.Of("/"));
    }

    [Theory]
    [InlineData("\u001b[2J", "\\u001b[2J")]
    [InlineData("a\rb", "a\\u000db")]
    [InlineData("\u009b31m", "\\u009b31m")]
    [InlineData("\u202eevil", "\\u202eevil")]
    [InlineData("\u2066x\u2069", "\\u2066x\\u2069")]
    [InlineData("\u200b", "\\u200b")]
    [InlineData("\u007f\0\b", "\\u007f\\u0000\\u0008")]
    [InlineData("tab\tline\nümlaut 漢字", "tab\tline\nümlaut 漢字")]
    public void what_steers_a_terminal_is_written_as_an_escape(string text, string expected)
    {
        Assert.Equal(expected, PrintableText.Of(text));
        using var inner = new StringWriter();
        using var writer = new OutputWriter(inner);
        writer.WriteLine(text);
        Assert.Equal(expected + "\n", inner.ToString());
    }

    [Fact]
    public void a_name_with_a_line_end_begins_no_message_of_its_own()
    {
        using var output = new StringWriter();
        DiagnosticRenderer.Write(output, [CoreDiagnostics.CannotRead.At("x\nerror LP9999: fake", "No.")], Verbosity.Normal, colour: true);
        Assert.StartsWith("\u001b[31mx\\u000aerror", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void a_full_stream_is_written_to_once()
    {
        using var writer = new OutputWriter(new ClosedWriter());
        writer.WriteLine("a");
        writer.Write('b');
        writer.Flush();
        Assert.Equal("It is closed.", writer.Failure);
    }

    [Theory]
    [InlineData("No space left on device")]
    [InlineData("Too many open files")]
    public async Task what_the_system_refuses_in_the_middle_of_a_build_is_told_as_that(string text)
    {
        using var log = BuildLog.Open(_directory.Path, "x", TextWriter.Null, Verbosity.Normal, false);
        var result = await InternalErrors.GuardAsync(() => throw new IOException(text), log);
        var told = Assert.Single(result.Diagnostics);
        Assert.Equal("LP0909", told.Id);
        Assert.Equal(PatchBuildOutcome.Failed, result.Outcome);
        Assert.Contains(text, told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void last_words_need_no_more_than_the_descriptor()
    {
        using (var file = File.Create(_directory.File("words")))
        {
            LastWords.Write((int)file.SafeFileHandle.DangerousGetHandle(), "no descriptors left\n");
        }

        Assert.Equal("no descriptors left\n", File.ReadAllText(_directory.File("words")));
        Assert.Null(Record.Exception(static () => LastWords.Write(9999, "nobody reads it")));
    }

    [Theory]
    [InlineData(".klp.rela.vmlinux..text.f", 1)]
    [InlineData("__jump_table", 1)]
    [InlineData(".rodata.str", 0)]
    public async Task sections_of_one_name_are_told_where_the_kernel_goes_by_names(string name, int exitCode)
    {
        _directory.Write("m.s", $"""
            .section .modinfo,"a"
            .string "livepatch=Y"
            .section {name},"a",@progbits,unique,1
            .quad 1
            .section {name},"a",@progbits,unique,2
            .quad 2

            """);
        Tool.Require("as");
        Assert.Equal(0, Tool.RunIn(_directory.Path, "as", ["m.s", "-o", "m.ko"]).ExitCode);
        var result = await CommandResult.RunAsync("inspect", _directory.File("m.ko"));
        Assert.True(exitCode == result.ExitCode, result.Error);
        Assert.Equal(exitCode == 1, result.Error.Contains("LP0908", StringComparison.Ordinal));
    }

    public void Dispose() => _directory.Dispose();
}
