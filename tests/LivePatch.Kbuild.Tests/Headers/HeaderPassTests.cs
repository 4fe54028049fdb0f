using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Kbuild.Headers;
using LivePatch.Kbuild.Tests.Database;
using LivePatch.Patches;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Headers;

/// <summary>Which objects of a real kernel changed headers reach.</summary>
public sealed class HeaderPassTests : IDisposable
{
    private readonly TemporaryDirectory _work = new();
    private readonly DiagnosticBag _diagnostics = [];

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("include/linux/seq_file.h", "struct seq_operations;", "struct nothing; struct seq_operations;", "", "LP0374")]
    [InlineData("fs/proc/internal.h", "/* Internal procfs definitions", "/* internal procfs definitions", "", "LP0370")]
    [InlineData("include/generated/autoconf.h", "#define CONFIG_64BIT 1", "#define CONFIG_64BIT 2", "", "LP0371")]
    [InlineData("arch/x86/entry/calling.h", "pushq", "nop; pushq", "", "LP0377 LP0375")]
    [InlineData("include/vdso/helpers.h", "return seq;", "return seq + 0;", "", "LP0377 LP0376")]
    [
        InlineData(
            "include/uapi/linux/utsname.h",
            "#define __NEW_UTS_LEN 64",
            "#define __NEW_UTS_LEN 64\n#define __UNUSED_UTS_LEN 64",
            "",
            "LP0372 LP0374")]
    [InlineData("include/linux/mfd/twl4030-audio.h", "#define TWL4030_CODEC", "#define TWL4030_CODEX", "", "LP0373")]
    [
        InlineData(
            "fs/squashfs/squashfs_fs_i.h",
            "return container_of(",
            "return (void *)0 + (long)container_of(",
            "fs/squashfs/dir.o fs/squashfs/export.o fs/squashfs/file.o fs/squashfs/inode.o fs/squashfs/namei.o fs/squashfs/super.o "
                + "fs/squashfs/symlink.o fs/squashfs/xattr.o",
            "LP0377")]
    [
        InlineData(
            "virt/kvm/kvm_mm.h",
            "#define KVM_MMU_LOCK(kvm)\t\twrite_lock(&(kvm)->mmu_lock)",
            "#define KVM_MMU_LOCK(kvm)\t\tdo write_lock(&(kvm)->mmu_lock); while (0)",
            "virt/kvm/dirty_ring.o virt/kvm/kvm_main.o",
            "LP0377")]
    public async Task objects_of_a_header(string header, string old, string other, string expected, string ids)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var tree = await InstalledKernel.TreeAsync(cancellation);
        using var database = InstalledKernel.Database(tree);
        using var overlay = PatchOverlay.Create(tree.Root, Path.Combine(_work.Path, "patched"), [header], []);
        var file = Path.Combine(overlay.Root, header);
        var text = File.ReadAllText(file);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(old, other, StringComparison.Ordinal));

        var objects = await new HeaderPass(tree, database, new ProcessRunner(), new InstalledKernel(), _diagnostics)
            .ObjectsAsync([header], [], [], overlay, _work.Path, 2, 100, cancellation);
        Assert.Equal(expected, string.Join(' ', objects.Select(static item => item.Path)));
        Assert.Equal(ids, string.Join(' ', _diagnostics.Select(static item => item.Descriptor.Id).Distinct()));
    }
}
