using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Kbuild.Generated;
using LivePatch.Kbuild.Tests.Database;
using LivePatch.Patches;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Generated;

/// <summary>What a real kernel's build makes of changed files.</summary>
public sealed class GeneratedPassTests : IDisposable
{
    private readonly TemporaryDirectory _work = new();
    private readonly DiagnosticBag _diagnostics = [];

    public void Dispose() => _work.Dispose();

    [Theory]
    [
        InlineData(
            "security/selinux/include/classmap.h",
            "\"entrypoint\", NULL",
            "\"entrypoint\", \"relabelmore\", NULL",
            "security/selinux/av_permissions.h",
            "LP0392")]
    [
        InlineData(
            "security/selinux/include/classmap.h",
            "const struct",
            "static void __attribute__((constructor)) run(void) { } const struct",
            "",
            "LP0391")]
    [
        InlineData(
            "include/linux/oid_registry.h", "\tOID__NR", "\tOID_test,\t/* 1.2.3.4.5 */\n\tOID__NR", "lib/oid_registry_data.c", "LP0392")]
    [
        InlineData(
            "arch/x86/entry/syscalls/syscall_64.tbl",
            "sys_newuname",
            "sys_uname",
            "arch/x86/include/generated/asm/syscalls_64.h arch/x86/include/generated/asm/syscalls_x32.h",
            "LP0392")]
    [
        InlineData(
            "arch/x86/include/asm/cpufeatures.h", "/* Onboard FPU */", "/* \"onboard\" FPU */", "arch/x86/kernel/cpu/capflags.c", "LP0392")]
    [
        InlineData(
            "include/scsi/scsi_devinfo.h",
            "#define BLIST_NOLUN",
            "#define BLIST_TEST\t1\n#define BLIST_NOLUN",
            "drivers/scsi/scsi_devinfo_tbl.c",
            "LP0392")]
    [InlineData("kernel/bounds.c", "int main(void)", "int main(int argc)", "", "")]
    [
        InlineData(
            "arch/x86/kvm/kvm-asm-offsets.c",
            "OFFSET(",
            "OFFSET(TEST_of, vcpu_vmx, loaded_vmcs); OFFSET(",
            "arch/x86/kvm/kvm-asm-offsets.h",
            "LP0392")]
    [InlineData("scripts/syscalltbl.sh", "#!/bin/sh", "#!/bin/sh\nexit 1", "", "LP0382")]
    [InlineData("scripts/selinux/genheaders/genheaders.c", "#include <stdio.h>", "#include <stdio.h>\nstatic int more;", "", "LP0382")]
    [InlineData("lib/build_OID_registry", "use strict;", "use strict; exit 1;", "", "LP0382")]
    [InlineData("fs/proc/internal.h", "struct proc_dir_entry {", "struct proc_dir_entry { int more;", "", "")]
    public async Task generated_files_follow(string path, string from, string to, string expected, string ids)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var tree = await InstalledKernel.TreeAsync(cancellation);
        using var database = InstalledKernel.Database(tree);
        using var overlay = PatchOverlay.Create(tree.Root, Path.Combine(_work.Path, "patched"), [path], []);
        var file = Path.Combine(overlay.Root, path);
        var text = File.ReadAllText(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(from, to, StringComparison.Ordinal));

        var pass = new GeneratedPass(tree, database, new ProcessRunner(), new InstalledKernel(), _diagnostics);
        await pass.LoadAsync(2, cancellation);
        var made = await pass.FollowAsync([path], overlay, _work.Path, 2, cancellation);
        Assert.Equal(expected, string.Join(' ', made));
        Assert.Equal(ids, string.Join(' ', _diagnostics.Select(static item => item.Descriptor.Id).Distinct()));
        Assert.All(
            made,
            path => Assert.NotEqual(File.ReadAllText(Path.Combine(tree.Root, path)), File.ReadAllText(Path.Combine(overlay.Root, path))));
    }

    [Fact]
    public async Task inputs_are_known()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var tree = await InstalledKernel.TreeAsync(cancellation);
        using var database = InstalledKernel.Database(tree);
        var pass = new GeneratedPass(tree, database, new ProcessRunner(), new InstalledKernel(), _diagnostics);
        await pass.LoadAsync(2, cancellation);
        Assert.All(
            [
                "scripts/syscallhdr.sh", "lib/gen_crc32table.c", "kernel/bounds.c", "arch/x86/lib/x86-opcode-map.txt",
                "include/uapi/linux/capability.h", "lib/raid6/unroll.awk", "scripts/asn1_compiler.c"],
            path => Assert.True(pass.IsInput(path), path));
        Assert.All(["scripts/checkpatch.pl", "scripts/kallsyms.c", "fs/proc/version.c"], path => Assert.False(pass.IsInput(path), path));
    }
}
