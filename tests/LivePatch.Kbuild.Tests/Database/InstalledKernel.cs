using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Database;

/// <summary>The work tree of an installed kernel, shared by the tests of an assembly; in the cache of the tests.</summary>
public sealed class InstalledKernel : IBuildProgress
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static WorkTree? _tree;
    private static string? _missing;

    /// <summary>The modules the kernel was shipped with: /lib/modules/RELEASE.</summary>
    public static string ModulesDirectory { get; private set; } = string.Empty;

    /// <summary>The work tree; a skipped test where the packages are not installed.</summary>
    public static async Task<WorkTree> TreeAsync(CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            if (_tree is null && _missing is null)
            {
                await FindAsync(cancellationToken);
            }
        }
        finally
        {
            Gate.Release();
        }

        Assert.SkipWhen(_tree is null, _missing ?? string.Empty);
        return _tree!;
    }

    /// <summary>A database of the tree, kept beside it.</summary>
    public static CompileDatabase Database(WorkTree tree) => new(tree, new ProcessRunner(), new InstalledKernel());

    /// <inheritdoc/>
    public void Stage(string stage)
    {
    }

    /// <inheritdoc/>
    public void Log(string line)
    {
    }

    /// <summary>The release named by KLP_TEST_KERNEL, else the plain one of several flavours.</summary>
    private static string? Release() =>
        Environment.GetEnvironmentVariable("KLP_TEST_KERNEL") is { Length: > 0 } || !Directory.Exists("/usr/src")
            ? Environment.GetEnvironmentVariable("KLP_TEST_KERNEL")
            : Directory.EnumerateDirectories("/usr/src", "linux-headers-*")
                .Where(static path => File.Exists(Path.Combine(path, "Module.symvers")))
                .Select(static path => Path.GetFileName(path)["linux-headers-".Length..])
                .OrderBy(static name => name.Length).ThenBy(static name => name, StringComparer.Ordinal)
                .FirstOrDefault(static name => File.Exists("/boot/vmlinuz-" + name));

    private static async Task FindAsync(CancellationToken cancellationToken)
    {
        if (InstalledKernels.IsQuick)
        {
            _missing = InstalledKernels.QuickReason;
            return;
        }

        var diagnostics = new DiagnosticBag();
        var target = await TargetKernelFinder.FindAsync(new TargetKernelOptions { Release = Release() }, new ProcessRunner(), diagnostics, cancellationToken);
        if (target is null)
        {
            _missing = "no kernel with image, headers and source: " + string.Join("; ", diagnostics.Select(static item => item.ToString()));
            return;
        }

        ModulesDirectory = target.ModulesDirectory;
        _tree = await new WorkTreePreparer(new ProcessRunner(), new InstalledKernel())
            .PrepareAsync(WorkTreeInputs.For(target), new CacheDirectory(TestCache.Root), cancellationToken);
    }
}
