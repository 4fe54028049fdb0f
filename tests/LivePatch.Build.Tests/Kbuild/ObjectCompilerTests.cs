using LivePatch.Build.Kbuild;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using Xunit;

namespace LivePatch.Build.Tests.Kbuild;

/// <summary>Single objects of a real kernel.</summary>
public sealed class ObjectCompilerTests
{
    [Fact]
    public async Task an_object_is_compiled_with_the_flags_of_the_makefile_that_builds_it()
    {
        var tree = await InstalledKernel.TreeAsync(TestContext.Current.CancellationToken);
        using var database = InstalledKernel.Database(tree);
        File.Delete(Path.Combine(tree.Objects, "virt/kvm/binary_stats.o"));

        // Kbuild itself would compile it as if it were built in, and not as part of kvm.ko.
        var made = await Compiler(tree, database).OriginalAsync("virt/kvm/binary_stats.o", TestContext.Current.CancellationToken);
        Assert.Equal("virt/kvm/binary_stats.o", made.Path);
        Assert.True(made.Command.IsModule);
        Assert.Equal(["arch/x86/kvm/kvm.ko"], made.Owners.Select(static owner => owner.ModuleFile));
        Assert.True(File.Exists(made.File));
    }

    [Fact]
    public async Task what_the_kernel_does_not_build_is_not_compiled()
    {
        var tree = await InstalledKernel.TreeAsync(TestContext.Current.CancellationToken);
        using var database = InstalledKernel.Database(tree);
        var failure = await Assert.ThrowsAsync<DiagnosticException>(() => Compiler(tree, database).OriginalAsync("arch/s390/kernel/process.o", TestContext.Current.CancellationToken));
        var diagnostic = Assert.Single(failure.Diagnostics);
        Assert.Equal(BuildDiagnostics.NotBuilt, diagnostic.Descriptor);
        Assert.Contains("another architecture", diagnostic.Text, StringComparison.Ordinal);
    }

    private static ObjectCompiler Compiler(Build.Trees.WorkTree tree, CompileDatabase database) => new(tree, database, new ProcessRunner(), new InstalledKernel());
}
