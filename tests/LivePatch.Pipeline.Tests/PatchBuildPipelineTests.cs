using LivePatch.Core.Diagnostics;
using Xunit;

namespace LivePatch.Pipeline.Tests;

/// <summary>The list of passes: their order, and where and how each of them ends the build. The tree is a tiny one, and make is
/// played.</summary>
public sealed class PatchBuildPipelineTests : IDisposable
{
    private readonly TinyWorld _world = new();
    private readonly Stages _stages = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task the_passes_come_in_their_order()
    {
        var workshop = new Workshop();
        using var result = await BuildAsync(_world.Options(_world.Patch()), workshop);

        // Everything but the link, which the workshop does not do.
        AssertFailed(result, "LP0327");
        Assert.Equal(["find", "prepare", "apply", "compile", "image", "compare"], result.Timings.Select(static lap => lap.Stage));
        Assert.Equal(["gcc", "patch", "make tiny.o", "sh", "sh", "make modules"], workshop.Commands);
        Assert.Equal(
            [
                "finding the target kernel",
                "copying the module's source",
                "applying the patch",
                "compiling tiny.o as it is",
                "compiling tiny.o patched",
                "reading the kernel image",
                "comparing tiny.o",
                "extracting from tiny.o",
                "linking livepatch-tiny.ko",
            ],
            _stages.All.Distinct());
        Assert.Equal((TinyWorld.Release, "livepatch-tiny"), (result.Release, result.ModuleName));
        Assert.Null(result.ModulePath);
    }

    [Fact]
    public async Task a_part_grows_from_pass_to_pass()
    {
        using var result = await BuildAsync(_world.Options(_world.Patch()), new Workshop());
        var part = Assert.Single(result.Parts);
        Assert.Equal(("tiny.o", "tiny", false), (part.Path, part.Owner.Name, part.IsAdded));
        Assert.Equal(["tiny_add"], part.Diff.Changed);
        Assert.Equal(["tiny_add"], part.Extracted!.Replaced.Select(static function => function.OldName));
    }

    [Fact]
    public async Task a_name_that_cannot_be_used_ends_the_build_before_anything_is_run()
    {
        var workshop = new Workshop();
        using var result = await BuildAsync(_world.Options(_world.Patch()) with { Name = "no/name" }, workshop);
        AssertFailed(result, "LP0329");
        Assert.Empty(workshop.Commands);
        Assert.Null(result.ModuleName);
    }

    [Fact]
    public async Task the_name_of_the_module_under_patch_is_taken()
    {
        var workshop = new Workshop();
        using var result = await BuildAsync(_world.Options(_world.Patch()) with { Name = "tiny" }, workshop);
        AssertFailed(result, "LP0383");
        Assert.Empty(workshop.Commands);
    }

    [Fact]
    public async Task a_module_of_another_kernel_ends_the_build()
    {
        using var result = await BuildAsync(_world.Options(_world.Patch()) with { Release = "6.6.31" }, new Workshop());
        AssertFailed(result, "LP0361");
    }

    [Fact]
    public async Task a_target_without_an_image_ends_the_build()
    {
        File.Delete(Path.Combine(_world.Tree, "vmlinux"));
        using var result = await BuildAsync(_world.Options(_world.Patch()), new Workshop());
        AssertFailed(result, "LP0250");
        Assert.Null(result.Release);
    }

    [Fact]
    public async Task an_image_that_cannot_be_read_ends_the_build_when_it_is_needed()
    {
        File.WriteAllText(Path.Combine(_world.Tree, "vmlinux"), "an image");
        using var result = await BuildAsync(_world.Options(_world.Patch()), new Workshop());
        Assert.Equal(PatchBuildOutcome.Failed, result.Outcome);
        Assert.Contains(result.Diagnostics, static item => item.Id.StartsWith("LP02", StringComparison.Ordinal));
        Assert.Equal("compile", result.Timings[^1].Stage);
    }

    [Fact]
    public async Task a_patch_that_cannot_be_read_ends_the_build()
    {
        using var result = await BuildAsync(_world.Options(_world.Write("empty.patch", "nothing\n")), new Workshop());
        Assert.Equal(PatchBuildOutcome.Failed, result.Outcome);
        Assert.Equal("prepare", result.Timings[^1].Stage);
    }

    [Fact]
    public async Task what_cannot_be_livepatched_is_refused_before_it_is_applied()
    {
        var patch = _world.Write("asm.patch", "--- /dev/null\n+++ b/tiny.S\n@@ -0,0 +1 @@\n+nop\n");
        var workshop = new Workshop();
        using var result = await BuildAsync(_world.Options(patch), workshop);
        Assert.Equal(PatchBuildOutcome.Refused, result.Outcome);
        Assert.Equal(["gcc"], workshop.Commands);
    }

    [Fact]
    public async Task a_patch_that_does_not_apply_ends_the_build_before_a_compiler_runs()
    {
        var workshop = new Workshop();
        using var result = await BuildAsync(_world.Options(_world.Patch("return x + 9;")), workshop);
        AssertFailed(result, "LP0303");
        Assert.DoesNotContain("make tiny.o", workshop.Commands);
    }

    [Fact]
    public async Task a_source_that_does_not_compile_ends_the_build()
    {
        using var result = await BuildAsync(_world.Options(_world.Patch()), Fails("make tiny.o"));
        AssertFailed(result, "LP0322");
    }

    [Fact]
    public async Task a_patched_source_that_does_not_compile_ends_the_build()
    {
        using var result = await BuildAsync(_world.Options(_world.Patch(to: "return x +;")), new Workshop());
        AssertFailed(result, "LP0323");
    }

    [Fact]
    public async Task a_module_of_another_source_ends_the_build()
    {
        File.WriteAllText(
            Path.Combine(_world.ModuleSource, "tiny.h"), "#define FIRST 8\n");
        using var result = await BuildAsync(_world.Options(_world.Patch()), new Workshop());
        AssertFailed(result, "LP0365");
    }

    [Fact]
    public async Task a_patch_that_changes_nothing_that_runs_is_no_change()
    {
        var workshop = new Workshop();
        using var result = await BuildAsync(_world.Options(_world.Patch(to: "return x + 3; /* three */")), workshop);
        Assert.Equal(PatchBuildOutcome.NoChange, result.Outcome);
        Assert.DoesNotContain("make modules", workshop.Commands);
        Assert.Null(Assert.Single(result.Parts).Extracted);
    }

    [Fact]
    public async Task a_name_the_target_does_not_have_is_refused_at_extraction()
    {
        using var result = await BuildAsync(_world.Options(_world.Patch(to: "extern int gone(int); return gone(x);")), new Workshop());
        Assert.Equal(PatchBuildOutcome.Refused, result.Outcome);
        Assert.Equal("LP0601", Assert.Single(result.Diagnostics, static item => item.IsFatal).Id);
        Assert.Null(Assert.Single(result.Parts).Extracted);
    }

    [Theory]
    [InlineData("gcc", "LP0244")]
    [InlineData("patch", "LP0003")]
    [InlineData("make tiny.o", "LP0003")]
    [InlineData("sh", "LP0003")]
    [InlineData("make modules", "LP0003")]
    public async Task a_program_that_is_missing_is_named(string command, string id)
    {
        var workshop = new Workshop
        {
            Before = next =>
            {
                if (next == command)
                {
                    throw new DiagnosticException(CoreDiagnostics.ToolMissing.Anywhere($"{command} is not there."));
                }
            },
        };
        using var result = await BuildAsync(_world.Options(_world.Patch()), workshop);
        AssertFailed(result, id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task an_interrupted_build_leaves_nothing(int command)
    {
        using var interrupt = new CancellationTokenSource();
        var count = 0;
        var workshop = new Workshop
        {
            Before = _ =>
            {
                if (Interlocked.Increment(ref count) == command)
                {
                    interrupt.Cancel();
                }
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new PatchBuildPipeline(workshop, _stages).RunAsync(_world.Options(_world.Patch()), interrupt.Token));
        Assert.Equal(command, workshop.Commands.Count);
        AssertNothingLeft();
    }

    private static Workshop Fails(string command) =>
        new() { Answer = next => next == command ? Workshop.Failure("tiny.c:1:1: error: it does not") : null };

    private async Task<PatchBuildResult> BuildAsync(PatchBuildOptions options, Workshop workshop)
    {
        var result = await new PatchBuildPipeline(workshop, _stages).RunAsync(options, TestContext.Current.CancellationToken);
        AssertNothingLeft();
        return result;
    }

    /// <summary>Nothing here ends with a module, so nothing may be where one would be, nor where the work was done.</summary>
    private void AssertNothingLeft()
    {
        Assert.Empty(Directory.EnumerateFileSystemEntries(_world.Output));
        var temporary = Path.Combine(_world.Cache, "tmp");
        Assert.Empty(Directory.Exists(temporary) ? Directory.EnumerateDirectories(temporary) : []);
    }

    private static void AssertFailed(PatchBuildResult result, string id)
    {
        Assert.Equal(PatchBuildOutcome.Failed, result.Outcome);
        Assert.Equal(id, Assert.Single(result.Diagnostics, static item => item.IsFatal).Id);
    }
}
