using LivePatch.Core.Diagnostics;
using Xunit;

namespace LivePatch.Patches.Tests;

public sealed class PatchClassifierTests : IDisposable
{
    private readonly PatchScratch _tree = new();

    [Theory]
    [InlineData("arch/x86/entry/entry_64.S", "LP0311")]
    [InlineData("arch/x86/entry/vdso/vclock_gettime.c", "LP0312")]
    [InlineData("lib/vdso/gettimeofday.c", "LP0312")]
    [InlineData("arch/arm64/kernel/vdso32/note.c", "LP0312")]
    [InlineData("arch/x86/boot/compressed/misc.c", "LP0312")]
    [InlineData("arch/x86/boot/header.S", "LP0312")]
    [InlineData("arch/x86/realmode/init.c", "LP0312")]
    [InlineData("arch/x86/purgatory/purgatory.c", "LP0312")]
    [InlineData("drivers/firmware/efi/libstub/x86-stub.c", "LP0312")]
    [InlineData("scripts/gcc-plugins/stackleak_plugin.c", "LP0313")]
    [InlineData("arch/arm/boot/dts/a.dts", "LP0314")]
    [InlineData("arch/x86/kernel/vmlinux.lds.S", "LP0314")]
    [InlineData("usr/gen_init_cpio.c", "LP0314")]
    [InlineData("certs/system_keyring.c", "LP0314")]
    [InlineData("rust/kernel/lib.rs", "LP0314")]
    public void what_cannot_be_livepatched_is_refused(string path, string id)
    {
        Classify(PatchScratch.Change(path, 10, "default y"));
        var diagnostic = Assert.Single(_tree.Diagnostics);
        Assert.Equal((id, DiagnosticKind.Refusal), (diagnostic.Id, diagnostic.Kind));
        Assert.StartsWith(path + " ", diagnostic.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arch/x86/lib/x86-opcode-map.txt")]
    [InlineData("net/ipv4/netfilter/nf_nat_snmp_basic.asn1")]
    [InlineData("lib/raid6/unroll.awk")]
    [InlineData("arch/x86/entry/syscalls/syscall_64.tbl")]
    [InlineData("drivers/gpu/drm/radeon/reg_srcs/r100")]
    public void what_the_build_may_generate_from_is_the_makefiles_to_judge(string path)
    {
        var plan = Classify(PatchScratch.Change(path, 10, "x"));
        Assert.Empty(_tree.Diagnostics);
        var (input, refusal) = Assert.Single(plan.Inputs);
        Assert.Equal((path, "LP0314", DiagnosticKind.Refusal), (input, refusal.Id, refusal.Kind));
    }

    [Fact]
    public void all_refusals_are_reported()
    {
        Classify(
            PatchScratch.Change("a/x.S", 10, "x") + PatchScratch.Change("mm/slab.c", 10, "x") + PatchScratch.Change("certs/x.c", 10, "x"));
        Assert.Equal(
            [("LP0311", 1), ("LP0314", 23)],
            _tree.Diagnostics.Select(static diagnostic => (diagnostic.Id, diagnostic.Location.Line!.Value)));
    }

    [Fact]
    public void what_the_kernel_compiles_out_of_tools_is_kernel_code()
    {
        var plan =
            Classify(PatchScratch.Change("tools/lib/bpf/relo_core.c", 10, "x") + PatchScratch.Change("tools/lib/bpf/btf.c", 10, "x"));
        Assert.Equal(["tools/lib/bpf/relo_core.c"], plan.SourceFiles);
        Assert.Equal(["tools/lib/bpf/btf.c"], plan.Ignored);
    }

    [Theory]
    [InlineData("Documentation/Makefile")]
    [InlineData("drivers/net/README")]
    [InlineData("fs/notes.txt")]
    [InlineData("MAINTAINERS")]
    [InlineData("arch/x86/configs/x86_64_defconfig")]
    [InlineData("tools/perf/perf.c")]
    [InlineData("samples/livepatch/livepatch-sample.c")]
    [InlineData("scripts/mod/modpost.c")]
    [InlineData("fs/.gitignore")]
    public void what_is_no_kernel_code_is_left_out_with_a_note(string path)
    {
        var plan = Classify(PatchScratch.Change(path, 10, "x") + PatchScratch.Change("mm/slab.c", 10, "x"));
        Assert.Equal([path], plan.Ignored);
        Assert.Equal(["mm/slab.c"], plan.SourceFiles);
        Assert.Equal((PatchDiagnostics.Ignored.Id, DiagnosticKind.Note), (Assert.Single(_tree.Diagnostics).Id, _tree.Diagnostics[0].Kind));
        _tree.Diagnostics.Clear();
        Classify(PatchScratch.Change(path, 10, "x"));
        Assert.Equal(
            [PatchDiagnostics.Ignored, PatchDiagnostics.NothingBuilt],
            _tree.Diagnostics.Select(static diagnostic => diagnostic.Descriptor));
    }

    [Theory]
    [InlineData("fs/proc/Makefile")]
    [InlineData("arch/x86/Kbuild")]
    [InlineData("scripts/Makefile.build")]
    [InlineData("Makefile")]
    [InlineData("fs/Kconfig")]
    [InlineData("lib/Kconfig.debug")]
    public void build_files_are_judged_when_they_are_applied(string path)
    {
        var plan = Classify(PatchScratch.Change(path, 10, "x"));
        Assert.Equal(path, Assert.Single(plan.BuildFiles).Path);
        Assert.Empty(_tree.Diagnostics);
    }

    [Fact]
    public void a_new_header_reaches_patched_code_only()
    {
        var plan = Classify("--- /dev/null\n+++ b/include/linux/new.h\n@@ -0,0 +1 @@\n+a\n" + PatchScratch.Change("mm/slab.c", 10, "x"));
        Assert.Empty(plan.Headers);
        Assert.Equal(["mm/slab.c"], plan.SourceFiles);
    }

    [Fact]
    public void a_rename_through_several_patches_leads_back_to_the_first_name()
    {
        const string First = "diff --git a/mm/slab.c b/mm/slub.c\nsimilarity index 100%\nrename from mm/slab.c\nrename to mm/slub.c\n";
        const string Second = "diff --git a/mm/slub.c b/mm/slob.c\nsimilarity index 100%\nrename from mm/slub.c\nrename to mm/slob.c\n";
        var plan = Classify(First, Second);
        Assert.Equal(["mm/slob.c"], plan.SourceFiles);
        Assert.Equal([new KeyValuePair<string, string>("mm/slob.c", "mm/slab.c")], plan.Renamed);
        Assert.Empty(plan.DeletedSources);
        plan =
            Classify(
                First, Second, "diff --git a/mm/slob.c b/mm/slab.c\nsimilarity index 100%\nrename from mm/slob.c\nrename to mm/slab.c\n");
        Assert.Equal(["mm/slab.c"], plan.SourceFiles);
        Assert.Empty(plan.Renamed);
        Assert.Empty(plan.DeletedSources);
    }

    [Fact]
    public void sources_keep_patch_order_and_what_patches_undo_is_gone()
    {
        var plan = Classify(
            PatchScratch.Change("mm/slab.c", 10, "x") + PatchScratch.Change("include/linux/a.h", 10, "x")
                + "--- /dev/null\n+++ b/mm/new.c\n@@ -0,0 +1 @@\n+a\n"
            + "--- /dev/null\n+++ b/mm/brief.c\n@@ -0,0 +1 @@\n+a\n",
            PatchScratch.Change("lib/string.c", 10, "x") + PatchScratch.Change("mm/slab.c", 5, "y")
                + "--- a/mm/brief.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
            + "--- a/fs/proc/stat.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n");
        Assert.Equal(["mm/slab.c", "mm/new.c", "lib/string.c"], plan.SourceFiles);
        Assert.Equal(["include/linux/a.h"], plan.Headers);
        Assert.Equal(["fs/proc/stat.c"], plan.DeletedSources);
        Assert.Empty(_tree.Diagnostics);
    }

    [Fact]
    public void a_rename_removes_one_source_and_adds_another_wherever_it_leads()
    {
        var plan = Classify("diff --git a/mm/slab.c b/mm/slub.c\nsimilarity index 100%\nrename from mm/slab.c\nrename to mm/slub.c\n");
        Assert.Equal(["mm/slub.c"], plan.SourceFiles);
        Assert.Equal("mm/slab.c", plan.Renamed["mm/slub.c"]);
        Assert.Empty(plan.DeletedSources);
        plan =
            Classify(
                "diff --git a/mm/slab.c b/Documentation/slab.c\nsimilarity index 100%\nrename from mm/slab.c\nrename to "
                    + "Documentation/slab.c\n");
        Assert.Empty(plan.SourceFiles);
        Assert.Equal(["mm/slab.c"], plan.DeletedSources);
    }

    [Fact]
    public void no_patches_at_all_is_nothing_built()
    {
        PatchClassifier.Classify([], _tree.Exists, _tree.Diagnostics);
        Assert.Equal(PatchDiagnostics.NothingBuilt, Assert.Single(_tree.Diagnostics).Descriptor);
    }

    public void Dispose() => _tree.Dispose();

    private PatchPlan Classify(params string[] texts) =>
        PatchClassifier.Classify([.. texts.Select(text => _tree.Parse(text))], _tree.Exists, _tree.Diagnostics);
}
