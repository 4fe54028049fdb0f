using LivePatch.Kbuild.Database;
using LivePatch.Kernel;
using Xunit;

namespace LivePatch.Kbuild.Tests.Database;

/// <summary>All objects of a real kernel, compared with what the kernel's package says was built.</summary>
public sealed class CompleteDatabaseTests
{
    [Fact]
    public async Task TheModulesAreThoseThatWereShipped()
    {
        var objects = await AllAsync();
        var modules =
            objects.SelectMany(static item => item.Owners)
                .Select(static owner => owner.ModuleFile)
                .OfType<string>()
                .ToHashSet(StringComparer.Ordinal);
        var shipped = Shipped("modules.order");
        Assert.Empty(shipped.Except(modules));
        Assert.Empty(modules.Except(shipped));
    }

    [Fact]
    public async Task WhatCouldBeAModuleAndIsBuiltInBelongsToVmlinux()
    {
        var objects = await AllAsync();
        var builtIn = objects.Where(static item => item.Owners.Contains(ObjectOwner.Vmlinux))
            .Select(static item => item.Command?.ModuleFile + ".ko").ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Shipped("modules.builtin").Except(builtIn));
    }

    /// <summary>The command has the names of the owners as Kbuild hands them to the compiler, the database has them from the lists of the
    /// makefiles.</summary>
    [Fact]
    public async Task OwnersAreThoseThatKbuildTellsTheCompiler()
    {
        var compiled = (await AllAsync()).Where(static item => item is { IsC: true, Command: not null, Owners.Count: > 0 }).ToList();
        Assert.True(compiled.Count > 1000, $"{compiled.Count} objects");

        // Where a makefile has a rule of its own (xe's for the sources of i915, Linux 6.12), Kbuild tells the object's name in the place of
        // the module's.
        Assert.Empty(compiled
            .Where(static item => item.Command!.Owners is not [{ } told] || told.IsVmlinux || told.Name != ModuleName.FromPath(item.Path))
            .Where(
                static item =>
                    !item.Owners.Select(static owner => owner.Name)
                        .Order()
                        .SequenceEqual(item.Command!.Owners.Select(static owner => owner.Name).Order()))
            .Select(static item => $"{item.Path}: {string.Join(", ", item.Owners)} and {string.Join(", ", item.Command!.Owners)}"));
    }

    /// <summary>A single question must get the answer that all directories together give.</summary>
    [Fact]
    public async Task EveryObjectIsFoundByItsSource()
    {
        var tree = await InstalledKernel.TreeAsync(TestContext.Current.CancellationToken);
        using var database = InstalledKernel.Database(tree);
        var all = await database.AllAsync(Environment.ProcessorCount, TestContext.Current.CancellationToken);
        var lost = new List<string>();
        foreach (var item in all.Where(static item => item is { IsC: true, Source: not null, Owners.Count: > 0 }))
        {
            var found = await database.ObjectsOfAsync(item.Source!, TestContext.Current.CancellationToken);
            if (!found.Any(other => other.Path == item.Path && other.Owners.SequenceEqual(item.Owners)))
            {
                lost.Add(item.Path);
            }
        }

        Assert.Empty(lost);
    }

    private static HashSet<string> Shipped(string list) =>
        File.ReadLines(Path.Combine(InstalledKernel.ModulesDirectory, list))
            .Where(static line => line.Length > 0)
            .Select(static line => line.StartsWith("kernel/", StringComparison.Ordinal) ? line["kernel/".Length..] : line)
            .ToHashSet(StringComparer.Ordinal);

    private static async Task<IReadOnlyList<KbuildObject>> AllAsync()
    {
        var tree = await InstalledKernel.TreeAsync(TestContext.Current.CancellationToken);
        using var database = InstalledKernel.Database(tree);
        return await database.AllAsync(Environment.ProcessorCount, TestContext.Current.CancellationToken);
    }
}
