using LivePatch.Kernel;
using Xunit;

namespace LivePatch.Kbuild.Tests.Database;

/// <summary>The database of a real kernel, asked for single sources.</summary>
public sealed class CompileDatabaseTests
{
    [Theory]
    [InlineData("fs/proc/meminfo.c", "fs/proc/meminfo.o", "vmlinux", null)]
    [InlineData("fs/xfs/libxfs/xfs_alloc.c", "fs/xfs/libxfs/xfs_alloc.o", "xfs", "fs/xfs/xfs.ko")]
    [InlineData("virt/kvm/kvm_main.c", "virt/kvm/kvm_main.o", "kvm", "arch/x86/kvm/kvm.ko")]
    [InlineData("arch/x86/kvm/vmx/vmx.c", "arch/x86/kvm/vmx/vmx.o", "kvm_intel", "arch/x86/kvm/kvm-intel.ko")]
    [
        InlineData(
            "drivers/gpu/drm/amd/display/dc/core/dc.c",
            "drivers/gpu/drm/amd/display/dc/core/dc.o",
            "amdgpu",
            "drivers/gpu/drm/amd/amdgpu/amdgpu.ko")]
    [InlineData("kernel/sched/rt.c", "kernel/sched/build_policy.o", "vmlinux", null)]
    [InlineData("tools/lib/bpf/relo_core.c", "kernel/bpf/relo_core.o", "vmlinux", null)]
    public async Task OwnerOfASource(string source, string path, string owner, string? module)
    {
        var tree = await InstalledKernel.TreeAsync(TestContext.Current.CancellationToken);
        using var database = InstalledKernel.Database(tree);
        var found = Assert.Single(await database.ObjectsOfAsync(source, TestContext.Current.CancellationToken));
        Assert.Equal(path, found.Path);
        Assert.Equal(new ObjectOwner(owner, module), Assert.Single(found.Owners));
        Assert.True(found.IsC);
        Assert.Contains(" -c -o ", found.Command!.Text, StringComparison.Ordinal);
    }
}
