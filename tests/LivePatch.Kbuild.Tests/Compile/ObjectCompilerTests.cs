using System.Security.Cryptography;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Tests.Database;
using LivePatch.Kbuild.Trees;
using Xunit;

namespace LivePatch.Kbuild.Tests.Compile;

/// <summary>Single objects of a real kernel.</summary>
public sealed class ObjectCompilerTests
{
    [Fact]
    public async Task an_object_is_compiled_with_the_flags_of_the_makefile_that_builds_it()
    {
        var tree = await InstalledKernel.TreeAsync(TestContext.Current.CancellationToken);
        using var database = InstalledKernel.Database(tree);
        var kept = Path.Combine(tree.Objects, "virt/kvm/binary_stats.o");
        if (File.Exists(kept))
        {
            File.Delete(kept);
        }

        // Kbuild itself would compile it as if it were built in, and not as part of kvm.ko.
        var made = await Compiler(tree, database).OriginalAsync("virt/kvm/binary_stats.o", TestContext.Current.CancellationToken);
        Assert.Equal("virt/kvm/binary_stats.o", made.Path);
        Assert.True(made.Command.IsModule);
        Assert.Equal(["arch/x86/kvm/kvm.ko"], made.Owners.Select(static owner => owner.ModuleFile));
        Assert.True(File.Exists(made.File));
    }

    [Theory]
    [InlineData(".o", "emptied")]
    [InlineData(".o", "cut")]
    [InlineData(".o", "one bit")]
    [InlineData(".o", "deleted")]
    [InlineData(".o", "a directory")]
    [InlineData(".o", "another's")]
    [InlineData(".o.cmd", "emptied")]
    [InlineData(".o.cmd", "cut")]
    [InlineData(".o.cmd", "one bit")]
    [InlineData(".o.cmd", "deleted")]
    [InlineData(".o.cmd", "a directory")]
    [InlineData(".o.cmd", "another's")]
    [InlineData(".o and .o.cmd", "another's")]
    [InlineData(".shipped.o", "one bit")]
    [InlineData(".shipped.o", "emptied")]
    [InlineData(".shipped.o.cmd", "deleted")]
    [InlineData(".shipped.o and .shipped.o.cmd", "another's")]
    public async Task a_kept_object_that_is_damaged_is_made_anew(string files, string damage)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var tree = await InstalledKernel.TreeAsync(cancellation);
        using var database = InstalledKernel.Database(tree);
        var (good, shipped) = await BothAsync("fs/proc/cmdline.o");
        await BothAsync("fs/proc/devices.o");
        foreach (var suffix in files.Split(" and "))
        {
            Damage(Path.Combine(tree.Objects, "fs/proc/cmdline" + suffix), Path.Combine(tree.Objects, "fs/proc/devices" + suffix), damage);
        }

        Assert.Equal((good, shipped), await BothAsync("fs/proc/cmdline.o"));

        async Task<(string Original, string Shipped)> BothAsync(string path)
        {
            var compiler = Compiler(tree, database);
            var original = await compiler.OriginalAsync(path, cancellation);
            Assert.Contains($" -o {path} ", original.Command.Text, StringComparison.Ordinal);
            return (Hash(original.File), Hash((await compiler.ShippedAsync(original, cancellation)).File));
        }
    }

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));

    private static void Damage(string file, string other, string damage)
    {
        var bytes = File.ReadAllBytes(file);
        File.Delete(file);
        switch (damage)
        {
            case "emptied":
                File.WriteAllBytes(file, []);
                break;
            case "cut":
                File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
                break;
            case "one bit":
                bytes[bytes.Length / 2] ^= 4;
                File.WriteAllBytes(file, bytes);
                break;
            case "a directory":
                Directory.CreateDirectory(file);
                break;
            case "another's":
                File.Copy(other, file);
                break;
        }
    }

    [Fact]
    public async Task what_the_kernel_does_not_build_is_not_compiled()
    {
        var tree = await InstalledKernel.TreeAsync(TestContext.Current.CancellationToken);
        using var database = InstalledKernel.Database(tree);
        var failure =
            await Assert.ThrowsAsync<DiagnosticException>(
                () => Compiler(tree, database).OriginalAsync("arch/s390/kernel/process.o", TestContext.Current.CancellationToken));
        var diagnostic = Assert.Single(failure.Diagnostics);
        Assert.Equal(BuildDiagnostics.NotBuilt, diagnostic.Descriptor);
        Assert.Contains("another architecture", diagnostic.Text, StringComparison.Ordinal);
    }

    private static ObjectCompiler Compiler(WorkTree tree, CompileDatabase database) =>
        new(tree, database, new ProcessRunner(), new InstalledKernel());
}
