using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Kbuild.Makefiles;
using LivePatch.Patches;
using LivePatch.Patches.Tests;
using Xunit;

namespace LivePatch.Kbuild.Tests.Makefiles;

/// <summary>Changes of makefiles and Kconfig files, judged with the real make.</summary>
public sealed class BuildFileTests : IDisposable
{
    private const string Makefile = """
        # SPDX-License-Identifier: GPL-2.0
        obj-y += proc.o
        obj-$(CONFIG_OFF) += off.o
        obj-$(CONFIG_MODULE) += mod.o
        mod-y := mod_core.o
        CFLAGS_task_mmu.o += $(call cc-option,-Wno-override-init,)
        proc-y := meminfo.o \
        	stat.o
        proc-$(CONFIG_ON) += extra.o
        lib-y := string.o

        """;

    private static readonly string[] NewFile = ["fs/proc/added.c"];

    private readonly PatchScratch _tree = new();
    private readonly string _patched;

    public BuildFileTests()
    {
        _patched = Path.Combine(_tree.Directory, "patched");
        _tree.Add("include/config/auto.conf", "CONFIG_ON=y\nCONFIG_MODULE=m\n");
        _tree.Add("fs/proc/Makefile", Makefile);
        Write("include/config/auto.conf", "CONFIG_ON=y\nCONFIG_MODULE=m\n");
    }

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("proc-y := meminfo.o \\\n\tstat.o", "proc-y  :=\tmeminfo.o stat.o # all of them")]
    [InlineData("# SPDX", "# one more comment\n# SPDX")]
    [InlineData("lib-y", "\n\nlib-y")]
    public async Task comments_and_white_space_are_no_change(string from, string to) =>
        await ExpectIgnoredAsync(from, to, [], "comments and white space");

    [Theory]
    [InlineData("off.o", "off.o further.o")]
    [InlineData("obj-$(CONFIG_OFF) += off.o", "")]
    [InlineData("lib-y", "ifdef CONFIG_OFF\nccflags-y += -O0\nendif\nlib-y")]
    [InlineData("meminfo.o \\\n\tstat.o", "stat.o meminfo.o")]
    public async Task what_is_off_in_this_configuration_is_no_change(string from, string to) =>
        await ExpectIgnoredAsync(from, to, [], "changes nothing");

    [Theory]
    [InlineData("lib-y", "proc-y += added.o\nlib-y")]
    [InlineData("stat.o", "stat.o added.o")]
    [InlineData("obj-y += proc.o", "obj-y += proc.o added.o")]
    [InlineData("lib-y", "obj-$(CONFIG_ON) += added.o\nlib-y")]
    [InlineData("mod_core.o", "mod_core.o added.o")]
    [InlineData("lib-y", "proc-y += added.o\nCFLAGS_added.o := -DX\nKASAN_SANITIZE_added.o := n\nlib-y")]
    public async Task the_object_of_a_new_source_goes_with_it(string from, string to) =>
        await ExpectIgnoredAsync(from, to, NewFile, "added.o");

    [Theory]
    [InlineData("lib-y", "ccflags-y += -O0\nlib-y", "ccflags-y is '' before and '-O0' after")]
    [InlineData("lib-y", "CFLAGS_stat.o := -O0\nlib-y", "CFLAGS_stat.o")]
    [InlineData("lib-y", "KASAN_SANITIZE := n\nlib-y", "KASAN_SANITIZE")]
    [InlineData("lib-y", "subdir-ccflags-y := -Werror\nlib-y", "subdir-ccflags-y")]
    [InlineData("stat.o", "", "proc-y loses stat.o, whose code is running")]
    [InlineData("lib-y", "proc-y += stray.o\nlib-y", "proc-y gets stray.o, and the patch does not add fs/proc/stray.c")]
    [InlineData("lib-y", "proc-y += asleep.o\nlib-y", "was not built before")]
    [InlineData("lib-y", "obj-m += added.o\nlib-y", "a new module")]
    [InlineData("obj-$(CONFIG_MODULE) += mod.o", "obj-$(CONFIG_MODULE) += mod.o added.o", "a new module")]
    [InlineData("lib-y", "obj-y += sub/\nlib-y", "a directory that is not the patch's own")]
    [InlineData("-Wno-override-init", "-Wno-error", "more than plain lists")]
    [InlineData("lib-y", "proc-y += $(shell echo added.o)\nlib-y", "more than plain lists")]
    [InlineData("lib-y", "$(obj)/x.o: $(src)/x.S\nlib-y", "more than plain lists")]
    [InlineData("lib-y", "include other.mk\nlib-y", "more than plain lists")]
    [InlineData("obj-$(CONFIG_OFF)", "obj-y", "off.o")]
    public async Task what_changes_the_running_kernels_build_is_refused_by_name(string from, string to, string reason)
    {
        _tree.Add("fs/proc/asleep.c", "int asleep;\n");
        Write("fs/proc/asleep.c", "int asleep;\n");
        var refusal = Assert.Single(await JudgeAsync("fs/proc/Makefile", Makefile.Replace(from, to, StringComparison.Ordinal), NewFile));
        Assert.Equal("LP0313", refusal.Id);
        Assert.Contains(reason, refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_removed_source_takes_its_object_along()
    {
        Write("fs/proc/Makefile", Makefile.Replace("stat.o", "", StringComparison.Ordinal));
        var plan = Plan("fs/proc/Makefile") with { DeletedSources = ["fs/proc/stat.c"] };
        Assert.Equal("LP0310", Assert.Single(await JudgeAsync(plan)).Id);
    }

    [Fact]
    public async Task a_renamed_source_takes_its_object_along()
    {
        Write("fs/proc/status.c", "int status;\n");
        Write("fs/proc/Makefile", Makefile.Replace("stat.o", "status.o", StringComparison.Ordinal));
        var plan =
            Plan(
                "fs/proc/Makefile",
                "fs/proc/status.c") with
            { Renamed = new Dictionary<string, string> { ["fs/proc/status.c"] = "fs/proc/stat.c" } };
        Assert.Equal("LP0310", Assert.Single(await JudgeAsync(plan)).Id);
    }

    [Fact]
    public async Task a_new_directory_comes_with_its_makefile()
    {
        Write("fs/proc/sub/Makefile", "obj-y += added.o\n");
        Write("fs/proc/sub/added.c", "int added;\n");
        Write("fs/proc/Makefile", Makefile + "obj-y += sub/\n");
        var plan =
            Plan(
                "fs/proc/Makefile",
                "fs/proc/sub/added.c") with
            {
                BuildFiles = [
                    ("fs/proc/Makefile", DiagnosticLocation.None), ("fs/proc/sub/Makefile", DiagnosticLocation.None)]
            };
        Assert.All(await JudgeAsync(plan), static item => Assert.Equal("LP0310", item.Id));
    }

    [Theory]
    [InlineData("Makefile", "SUBLEVEL = 1")]
    [InlineData("arch/x86/Makefile", "KBUILD_CFLAGS += -DX")]
    [InlineData("scripts/Makefile.build", "obj := x")]
    public async Task makefiles_for_all_of_the_kernel_may_change_in_comments_only(string path, string line)
    {
        _tree.Add(path, "A = 1\n");
        Assert.Equal("LP0310", Assert.Single(await JudgeAsync(path, "A = 1\n# a comment\n")).Id);
        Assert.Equal("LP0313", Assert.Single(await JudgeAsync(path, "A = 1\n" + line + "\n")).Id);
    }

    [Fact]
    public async Task a_condition_around_a_rule_is_not_judged()
    {
        var rules = Makefile + "$(obj)/a.o: $(src)/b.c\n\tcp $< $@\n";
        _tree.Add("fs/proc/Makefile", rules);
        Assert.Equal("LP0313", Assert.Single(await JudgeAsync("fs/proc/Makefile", "ifdef CONFIG_OFF\n" + rules + "endif\n")).Id);
    }

    private const string Kconfig = """
        # SPDX-License-Identifier: GPL-2.0-only
        config PROC_FS
        	bool "/proc file system support" if EXPERT
        	default y
        	depends on FOO = "#bar" && \
        		BAZ
        	help
        	  This is a virtual file system.

        	  depends on nothing, says the text.
        config NEXT
        	tristate
        	help
        	  More.

        """;

    [Theory]
    [InlineData("virtual", "fine virtual")]
    [InlineData("/proc file system support", "Process files")]
    [InlineData("# SPDX", "# one\n# SPDX")]
    [InlineData("  depends on nothing", "  select EVERYTHING")]
    [InlineData("\tdefault y", "        default  y")]
    [InlineData("  More.\n", "  More.\n\n\t  And more.\n")]
    public async Task texts_of_kconfig_are_no_change(string from, string to) =>
        Assert.Equal("LP0310", Assert.Single(await JudgeKconfigAsync(Kconfig.Replace(from, to, StringComparison.Ordinal))).Id);

    [Theory]
    [InlineData("default y", "default n", "'default y' becomes 'default n'")]
    [InlineData("\ttristate\n", "\ttristate \"A prompt\"\n", "tristate")]
    [InlineData(" if EXPERT", "", "EXPERT")]
    [InlineData("#bar", "#baz", "#baz")]
    [InlineData("\tdefault y\n", "\tdefault y\n\tselect X\n", "'select X' is new")]
    [InlineData("config NEXT", "config NEW\n\tbool\n\nconfig NEXT", "config NEW")]
    public async Task statements_of_kconfig_are_refused(string from, string to, string reason)
    {
        var refusal = Assert.Single(await JudgeKconfigAsync(Kconfig.Replace(from, to, StringComparison.Ordinal)));
        Assert.Equal("LP0313", refusal.Id);
        Assert.Contains(reason, refusal.ToString(), StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<Diagnostic>> JudgeKconfigAsync(string after)
    {
        _tree.Add("fs/proc/Kconfig", Kconfig);
        return await JudgeAsync("fs/proc/Kconfig", after);
    }

    private async Task ExpectIgnoredAsync(string from, string to, string[] added, string reason)
    {
        Assert.Contains(from, Makefile, StringComparison.Ordinal);
        var note = Assert.Single(await JudgeAsync("fs/proc/Makefile", Makefile.Replace(from, to, StringComparison.Ordinal), added));
        Assert.Equal("LP0310", note.Id);
        Assert.Contains(reason, note.ToString(), StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<Diagnostic>> JudgeAsync(string path, string after, params string[] sources)
    {
        Write(path, after);
        foreach (var source in sources)
        {
            Write(source, "int added;\n");
        }

        return await JudgeAsync(Plan(path, sources));
    }

    private async Task<IReadOnlyList<Diagnostic>> JudgeAsync(PatchPlan plan)
    {
        TestSupport.Tool.Require("make");
        var diagnostics = new DiagnosticBag();
        await new BuildFileJudge(_tree.Base, _patched, new ProcessRunner(), diagnostics)
            .JudgeAsync(plan, TestContext.Current.CancellationToken);
        return [.. diagnostics];
    }

    private static PatchPlan Plan(string buildFile, params string[] sources) =>
        new(sources, [], [], [], new Dictionary<string, string>(), [(buildFile, DiagnosticLocation.None)]);

    private void Write(string path, string text)
    {
        var file = Path.Combine(_patched, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        File.WriteAllText(file, text);
    }
}
