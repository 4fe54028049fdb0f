using LivePatch.Kbuild.Database;
using Xunit;

namespace LivePatch.Kbuild.Tests.Database;

/// <summary>The owners a recorded command tells.</summary>
public sealed class ObjectOwnerTests
{
    [Theory]
    [InlineData("gcc -DKBUILD_MODFILE='\"fs/proc/meminfo\"' -DKBUILD_MODNAME='\"meminfo\"' -c -o a.o a.c", "vmlinux vmlinux")]
    [
        InlineData(
            "gcc -DMODULE -DKBUILD_MODFILE='\"arch/x86/kvm/kvm-intel\"' -DKBUILD_MODNAME='\"kvm_intel\"' -c -o a.o a.c",
            "kvm_intel arch/x86/kvm/kvm-intel.ko")]
    [
        InlineData(
            "gcc -DMODULE -DKBUILD_MODFILE='\"drivers/x/a-1:b\"' -DKBUILD_MODNAME='\"a_1:b\"' -c -o a.o a.c",
            "a_1 drivers/x/a-1.ko, b drivers/x/b.ko")]
    [InlineData("gcc -DMODULE -DKBUILD_MODFILE='\"top\"' -c -o a.o a.c", "top top.ko")]
    public void OwnersOfACommand(string command, string expected) =>
        Assert.Equal(
            expected, string.Join(", ", new CompileCommand("a.o", command).Owners.Select(static owner => $"{owner.Name} {owner}")));
}
