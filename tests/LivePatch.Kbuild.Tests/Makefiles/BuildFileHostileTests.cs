using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Kbuild.Makefiles;
using LivePatch.Patches;
using LivePatch.Patches.Tests;
using Xunit;

namespace LivePatch.Kbuild.Tests.Makefiles;

/// <summary>Makefiles and Kconfig files made to run something. With the real make: nothing runs, and make never reads what was not
/// understood.</summary>
public sealed class BuildFileHostileTests : IDisposable
{
    private const string Makefile = "obj-y += proc.o\nproc-y := meminfo.o\nproc-y += stat.o\nhostprogs := gen\ngen-objs := gen_main.o\n"
        + "define cmd_gen\n\ttrue\nendef\n$(obj)/table.h: $(obj)/gen FORCE\n\t$(call if_changed,gen)\nifdef CONFIG_OFF\nproc-y += "
        + "off.o\nendif\n";

    private readonly PatchScratch _tree = new();
    private readonly string _patched;

    public BuildFileHostileTests()
    {
        _patched = Path.Combine(_tree.Directory, "patched");
        _tree.Add("include/config/auto.conf", "CONFIG_ON=y\n");
        _tree.Add("fs/proc/Makefile", Makefile);
        Write("include/config/auto.conf", "CONFIG_ON=y\n");
    }

    private string Canary => Path.Combine(_tree.Directory, "canary");

    public static TheoryData<string> Lines =>
    [
        "CFLAGS_note.o := `touch @`",
        "CFLAGS_added.o := `touch @`",
        "CFLAGS_added.o := $(shell touch @)",
        "CFLAGS_added.o := $$(touch @)",
        "CFLAGS_added.o := -DX;touch @",
        "CFLAGS_added.o := -DX|touch @",
        "CFLAGS_added.o := -DX&&touch @",
        "CFLAGS_added.o := -DX > @",
        "CFLAGS_added.o := -DX=\"`touch @`\"",
        "CFLAGS_added.o := -DX=$(touch @)",
        "CFLAGS_added.o := -B/tmp/evil",
        "CFLAGS_added.o := -B evil",
        "CFLAGS_added.o := -dumpdir @",
        "CFLAGS_added.o := -dumpbase @",
        "CFLAGS_added.o := -fdump-tree-all=@",
        "CFLAGS_added.o := -fplugin=evil",
        "CFLAGS_added.o := -fplugin=./evil.so",
        "CFLAGS_added.o := -wrapper touch,@",
        "CFLAGS_added.o := -specs=evil",
        "CFLAGS_added.o := @evil",
        "CFLAGS_added.o := -o @",
        "CFLAGS_added.o := -save-temps",
        "CFLAGS_added.o := -Wa,-a=@",
        "CFLAGS_added.o := -Wp,-MD,@",
        "CFLAGS_added.o := -Wl,-plugin",
        "CFLAGS_added.o := -Xassembler -a=@",
        "CFLAGS_added.o := -x assembler",
        "CFLAGS_added.o := -MF @",
        "CFLAGS_added.o := -include evil.h",
        "CFLAGS_added.o := -I/etc",
        "CFLAGS_added.o := -frandom-seed=x",
        "CFLAGS_added.o := -fprofile-use=@",
        "CFLAGS_added.o != touch @",
        "AFLAGS_added.o := -DX",
        "LDFLAGS_added.o := -T evil",
        "ccflags-y += `touch @`",
        "asflags-y += -DX",
        "ldflags-y += -T evil",
        "subdir-ccflags-y += -DX",
        ".SHELLFLAGS := @",
        "SHELL := @",
        "MAKEFLAGS += -f evil",
        ".ONESHELL:",
        ".RECIPEPREFIX := x",
        ".DEFAULT_GOAL := evil",
        ".POSIX:",
        ".EXPORT_ALL_VARIABLES:",
        "export PATH := .",
        "export CC",
        "unexport CC",
        "override CC := evil",
        "override proc-y := evil.o",
        "private proc-y := evil.o",
        "undefine cmd_gen",
        "define cmd_gen",
        "endef",
        "include evil.mk",
        "-include evil.mk",
        "sinclude evil.mk",
        "load evil.so",
        "vpath %.c evil",
        "VPATH := evil",
        "CC := evil",
        "CC = evil",
        "CPP = evil",
        "cmd_gen = touch @",
        "cmd_cc_o_c = touch @",
        "cmd_gen-y := touch.o",
        "rule_cc_o_c := x.o",
        "obj := evil",
        "src := evil",
        "srctree := evil",
        "KBUILD_CFLAGS += -DX",
        "KBUILD_EXTRA_SYMBOLS := evil",
        "hostprogs += evil",
        "hostprogs-y += evil.o",
        "hostprogs-always-y := evil",
        "userprogs := evil",
        "always-y := evil.o",
        "extra-y := evil.o",
        "targets += evil.o",
        "subdir-y += ../../evil",
        "clean-files := /",
        "HOSTCC := evil",
        "HOSTCFLAGS_gen.o := -DX",
        "gen-objs += added.o",
        "gen-y += added.o",
        "all: ; touch @",
        "all:: ; touch @",
        "$(obj)/added.o: evil",
        "$(obj)/added.o: CFLAGS := -DX",
        "%.o: %.c ; touch @",
        "proc-y += $(shell touch @)added.o",
        "proc-y += $(eval $(shell touch @))",
        "proc-y += $(if $(shell touch @),added.o)",
        "proc-y += $(foreach x,y,$(shell touch @))",
        "proc-y += $(call x)",
        "proc-y += $(file >@,x)",
        "proc-y += $(guile (system \"touch @\"))",
        "proc-y += $(wildcard *)",
        "proc-y += ${CONFIG_ON}.o",
        "proc-y += $x.o",
        "proc-y += added.o;touch",
        "proc-y += `touch @`.o",
        "proc-y += 'added.o'",
        "proc-y += \"added.o\"",
        "proc-y += ../../evil.o",
        "proc-y += /etc/evil.o",
        "proc-y += -o.o",
        "proc-y += a%.o",
        "proc-y += *.o",
        "proc-y += added.o | evil",
        "proc-$(CONFIG_ON)$(shell touch @) += added.o",
        "proc-$(CONFIG_$(shell touch @)) += added.o",
        "proc-$(shell touch @) += added.o",
        "proc-y ?= added.o",
        "proc-y != touch @",
        "proc-y ::= added.o",
        "$(shell touch @)",
        "$(eval x := y)",
        "$(info x)",
        "$(error x)",
        "ifeq ($(shell touch @),)",
        "ifeq \"$(shell touch @)\" \"\"",
        "ifdef $(shell touch @)",
        "ifneq ($(CONFIG_ON),$(shell touch @))",
        "else ifeq ($(shell touch @),)",
        "proc-y += added.o\r$(shell touch @)",
        "proc-y += added.o\v$(shell touch @)",
        "proc-y += added.o\0$(shell touch @)",
        "proc-y\u00a0+= added.o",
        "proc-y +=\u0085added.o",
        "proc-é += added.o",
        "proc-y += added.o\u00a0\\",
        "\ttouch @",
        " \ttouch @",
        "touch @",
        "obj-m += added.o",
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task a_line_that_may_run_something_is_refused_before_make_reads_it(string line)
    {
        foreach (var text in (string[])[line + "\n" + Makefile, Makefile + line + "\n", Makefile.Replace("proc-y += stat.o", line + "\nproc-y += stat.o", StringComparison.Ordinal)])
        {
            var diagnostics = await JudgeAsync("fs/proc/Makefile", text.Replace("@", Canary, StringComparison.Ordinal), "fs/proc/added.c");

            // In front of a ":=" of the kernel some lines do nothing.
            var expected = text.StartsWith(Makefile, StringComparison.Ordinal) ? (string[])["LP0313"] : ["LP0313", "LP0310"];
            Assert.All(diagnostics, item => Assert.Contains(item.Id, expected));
            Assert.NotEmpty(diagnostics);
            Assert.False(File.Exists(Canary));
            Assert.Equal(Makefile, File.ReadAllText(Path.Combine(_patched, "fs/proc/Makefile")));
        }
    }

    [Theory]
    [InlineData("define cmd_gen\n", "define cmd_gen\nproc-y += added.o\n", "within a rule or a definition")]
    [InlineData("FORCE\n", "FORCE\nproc-y += added.o\n", "within a rule or a definition")]
    [InlineData("\ttrue\n", "\ttrue; touch x\n", "more than plain lists")]
    [InlineData("\ttrue\n", "", "more than plain lists")]
    [InlineData("$(obj)/table.h: $(obj)/gen FORCE\n", "", "more than plain lists")]
    [InlineData("ifdef CONFIG_OFF\n", "ifdef CONFIG_ON\n", "its conditions change")]
    [InlineData("hostprogs := gen\n", "", "more than plain lists")]
    public async Task what_the_kernels_own_rules_do_stays_as_it_is(string from, string to, string reason)
    {
        var refusal =
            Assert.Single(await JudgeAsync("fs/proc/Makefile", Makefile.Replace(from, to, StringComparison.Ordinal), "fs/proc/added.c"));
        Assert.Equal("LP0313", refusal.Id);
        Assert.Contains(reason, refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_kernels_own_lines_are_not_put_in_another_order()
    {
        var moved = Makefile.Replace("hostprogs := gen\n", string.Empty, StringComparison.Ordinal) + "hostprogs := gen\n";
        Assert.Equal("LP0313", Assert.Single(await JudgeAsync("fs/proc/Makefile", moved, "fs/proc/added.c")).Id);
    }

    [Fact]
    public async Task make_gets_the_kernels_own_text_and_the_understood_lines()
    {
        var changed = "# a comment with $(shell touch @) \\\n$(shell touch @)\n"
            + Makefile.Replace("stat.o", "stat.o \\\r\n\t added.o # $(shell touch @)", StringComparison.Ordinal);
        Assert.Equal(
            "LP0310",
            Assert.Single(
                await JudgeAsync("fs/proc/Makefile", changed.Replace("@", Canary, StringComparison.Ordinal), "fs/proc/added.c")).Id);
        Assert.Equal(
            Makefile.Replace("stat.o", "stat.o added.o", StringComparison.Ordinal),
            File.ReadAllText(Path.Combine(_patched, "fs/proc/Makefile")));
        Assert.False(File.Exists(Canary));
    }

    [Fact]
    public async Task comments_alone_leave_the_kernels_own_file()
    {
        Assert.Equal("LP0310", Assert.Single(await JudgeAsync("fs/proc/Makefile", "# more\n" + Makefile)).Id);
        Assert.Equal(Path.Combine(_tree.Base, "fs/proc/Makefile"), new FileInfo(Path.Combine(_patched, "fs/proc/Makefile")).LinkTarget);
    }

    [Fact]
    public async Task one_refused_makefile_keeps_make_from_reading_the_others()
    {
        Write("fs/proc/added.c", "int added;\n");
        Write("fs/proc/Makefile", Makefile + "proc-y += added.o\n");
        Write("mm/Makefile", $"$(shell touch {Canary})\n");
        var plan = new PatchPlan(
            ["fs/proc/added.c"],
            [],
            [],
            [],
            new Dictionary<string, string>(),
            [("fs/proc/Makefile", DiagnosticLocation.None), ("mm/Makefile", DiagnosticLocation.None)]);
        Assert.Equal("LP0313", Assert.Single(await JudgeAsync(plan)).Id);
        Assert.False(File.Exists(Canary));
        Assert.False(File.Exists(Path.Combine(_patched, "mm/Makefile")));
        Assert.Equal(Makefile, File.ReadAllText(Path.Combine(_patched, "fs/proc/Makefile")));
    }

    [Theory]
    [InlineData("fs/proc/Kbuild", "obj-y += added.o\n")]
    [InlineData("fs/proc/Kbuild", Makefile)]
    [InlineData("fs/proc/Kbuild", "# nothing\n")]
    public async Task a_new_file_does_not_hide_the_directorys_makefile(string path, string text)
    {
        Write("fs/proc/Makefile", Makefile);
        var refusal = Assert.Single(await JudgeAsync(path, text, "fs/proc/added.c"));
        Assert.Equal("LP0313", refusal.Id);
        Assert.Contains("in the place of fs/proc/Makefile", refusal.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_patched, path)));
    }

    [Theory]
    [InlineData("config NEW\n\tbool \"x\"\n\tdefault $(shell,touch @)\n")]
    [InlineData("config NEW\n\tdef_bool $(success,touch @)\n")]
    [InlineData("x := $(shell,touch @)\n")]
    [InlineData("source \"$(shell,touch @)\"\n")]
    [InlineData("config A\n\tbool \"$(shell,touch @)\"\n")]
    [InlineData("$(error-if,y,x)\n")]
    [InlineData("if $(shell,touch @)\nendif\n")]
    public async Task kconfig_that_may_run_something_is_refused(string line)
    {
        _tree.Add("fs/Kconfig", "config A\n\tbool \"a\"\n");
        var refusal =
            Assert.Single(await JudgeAsync("fs/Kconfig", "config A\n\tbool \"a\"\n" + line.Replace("@", Canary, StringComparison.Ordinal)));
        Assert.Equal("LP0313", refusal.Id);
        Assert.False(File.Exists(Canary));
        Assert.Equal("config A\n\tbool \"a\"\n", File.ReadAllText(Path.Combine(_patched, "fs/Kconfig")));
    }

    [Fact]
    public async Task help_texts_of_a_patch_are_not_left_for_kconfig_to_read()
    {
        _tree.Add("fs/Kconfig", "config A\n\tbool \"a\"\n\thelp\n\t  Text.\n");
        Assert.Equal("LP0310", Assert.Single(await JudgeAsync("fs/Kconfig", "config A\n\tbool \"b\"\n\thelp\n\t  $(shell,touch x)\n")).Id);
        Assert.Equal(Path.Combine(_tree.Base, "fs/Kconfig"), new FileInfo(Path.Combine(_patched, "fs/Kconfig")).LinkTarget);
    }

    [Fact]
    public async Task a_makefile_of_any_length_is_judged_in_bounded_time()
    {
        var many = string.Concat(Enumerable.Range(0, 200_000).Select(static index => $"proc-y += n{index}.o\n"));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(
            "LP0313",
            Assert.Single(await JudgeAsync("fs/proc/Makefile", many + "# x\n" + string.Join('\n', Makefile.Split('\n').Reverse()))).Id);
        Assert.Equal(
            "LP0313",
            Assert.Single(
                await JudgeAsync(
                    "fs/proc/Makefile", Makefile + "proc-y += " + string.Concat(Enumerable.Repeat("a/", 100_000)) + "!\n")).Id);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
    }

    public void Dispose() => _tree.Dispose();

    private async Task<IReadOnlyList<Diagnostic>> JudgeAsync(string path, string after, params string[] sources)
    {
        Write(path, after);
        foreach (var source in sources)
        {
            Write(source, "int added;\n");
        }

        return await JudgeAsync(new PatchPlan(sources, [], [], [], new Dictionary<string, string>(), [(path, DiagnosticLocation.None)]));
    }

    private async Task<IReadOnlyList<Diagnostic>> JudgeAsync(PatchPlan plan)
    {
        TestSupport.Tool.Require("make");
        var diagnostics = new DiagnosticBag();
        await new BuildFileJudge(_tree.Base, _patched, new ProcessRunner(), diagnostics)
            .JudgeAsync(plan, TestContext.Current.CancellationToken);
        return [.. diagnostics];
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_patched, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        File.WriteAllText(file, text, Encoding.Latin1);
    }
}
