using LivePatch.Diff.Tests.Fixtures;
using LivePatch.Elf;

namespace LivePatch.Diff.Tests;

/// <summary>Every case of kernel-fixtures, compiled here and now.</summary>
public sealed class FixtureTests
{
    public static TheoryData<string> Names => [.. FixtureCatalog.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task the_verdict_is_the_expected_one(string name)
    {
        var fixture = FixtureCatalog.Cases[name];
        var compiled = await CompiledFixture.CompileAsync(fixture);
        var failures = Judge(fixture, compiled);
        if (fixture.Pending is not null)
        {
            // The day the engine can do it, this says so.
            Assert.True(failures.Count > 0, $"{name} passes: take its 'pending' line out");
            Assert.Skip($"pending: {fixture.Pending}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task the_two_sides_of_a_case_differ(string name)
    {
        // A case whose patch the compiler optimised away would prove nothing.
        var compiled = await CompiledFixture.CompileAsync(FixtureCatalog.Cases[name]);
        using var original = ElfObject.Read(compiled.Original, "case.o");
        using var patched = ElfObject.Read(compiled.Patched, "case.o");
        Assert.NotEmpty(original.Symbols);
        Assert.True(
            !compiled.Original.AsSpan().SequenceEqual(compiled.Patched)
            || name.StartsWith("same-", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task an_object_compared_with_itself_has_no_change(string name)
    {
        var fixture = FixtureCatalog.Cases[name];
        var compiled = await CompiledFixture.CompileAsync(fixture);
        if (fixture.IsUnreadable)
        {
            // What cannot be read is no more readable beside a copy of itself.
            var unread = new EngineRunner().Run(DiffRequest.For(fixture, compiled.Patched, compiled.Patched));
            Assert.Empty(FixtureVerdict.Check(fixture, unread));
            return;
        }

        var failures = new[] { compiled.Original, compiled.Patched }
            .Select(side => new EngineRunner().Run(DiffRequest.For(fixture, side, side) with { MovedLines = null }))
            .SelectMany(
                static outcome =>
                    outcome.Changed.Concat(outcome.New)
                        .Concat(outcome.Diagnostics.Where(static item => item.IsFatal).Select(static item => item.ToString())))
            .ToList();
        if (fixture.PendingSelf is not null)
        {
            Assert.True(failures.Count > 0, $"{name} passes: take its 'pending-self' line out");
            Assert.Skip($"pending: {fixture.PendingSelf}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static IReadOnlyList<string> Judge(FixtureCase fixture, CompiledFixture compiled)
    {
        var outcome = new EngineRunner().Run(DiffRequest.For(fixture, compiled.Original, compiled.Patched));
        using var output = outcome.Output;
        return [.. FixtureVerdict.Check(fixture, outcome), .. OutputSanity.Check(output)];
    }
}
