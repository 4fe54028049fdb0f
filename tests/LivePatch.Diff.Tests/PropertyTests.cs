using LivePatch.Diff.Tests.Fixtures;
using LivePatch.Elf.Writing;

namespace LivePatch.Diff.Tests;

/// <summary>What holds for any pair of objects: the verdict depends on what they say and not on how it is laid out, and is the same every
/// time.</summary>
public sealed class PropertyTests
{
    private const int Seeds = 4;

    public static TheoryData<string> Names => [.. FixtureCatalog.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task the_verdict_does_not_depend_on_the_order_of_sections_and_symbols(string name)
    {
        var fixture = FixtureCatalog.Cases[name];
        var compiled = await CompiledFixture.CompileAsync(fixture);
        var expected = Verdict(fixture, compiled.Original, compiled.Patched);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            // Both sides differently, as two compilers would.
            Assert.Equal(
                expected,
                Verdict(fixture, ShuffledObject.Make(compiled.Original, seed), ShuffledObject.Make(compiled.Patched, seed + 100)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task the_same_object_in_another_order_has_no_change(string name)
    {
        var fixture = FixtureCatalog.Cases[name];
        var compiled = await CompiledFixture.CompileAsync(fixture);
        var outcome = new EngineRunner().Run(
            DiffRequest.For(
                fixture, ShuffledObject.Make(compiled.Patched, 7), ShuffledObject.Make(compiled.Patched, 8)) with
            { MovedLines = null });
        if (fixture.IsUnreadable)
        {
            Assert.Empty(FixtureVerdict.Check(fixture, outcome));
            return;
        }

        Assert.Empty(
            outcome.Changed.Concat(outcome.New)
                .Concat(outcome.Diagnostics.Where(static item => item.IsFatal).Select(static item => item.ToString())));
    }

    [Fact]
    public async Task the_result_is_the_same_bytes_on_every_run_and_on_many_threads()
    {
        foreach (var fixture in FixtureCatalog.Cases.Values.Where(static fixture => fixture.Compiler == "gcc"))
        {
            var compiled = await CompiledFixture.CompileAsync(fixture);
            var expected = Output(fixture, compiled);
            var found = new byte[8][];
            Parallel.For(0, found.Length, index => found[index] = Output(fixture, compiled));
            Assert.All(found, output => Assert.True(expected.AsSpan().SequenceEqual(output), fixture.Name));
        }
    }

    private static byte[] Output(FixtureCase fixture, CompiledFixture compiled)
    {
        var outcome = new EngineRunner().Run(DiffRequest.For(fixture, compiled.Original, compiled.Patched));
        using var output = outcome.Output;
        return output is null ? [] : ElfObjectBuilder.From(output).ToArray();
    }

    private static string Verdict(FixtureCase fixture, byte[] original, byte[] patched)
    {
        var outcome = new EngineRunner().Run(DiffRequest.For(fixture, original, patched));
        using var output = outcome.Output;
        IEnumerable<string> lines =
        [
            .. outcome.Changed.Select(static text => $"changed {text}"),
            .. outcome.New.Select(static text => $"new {text}"),
            .. outcome.Diagnostics.Select(static item => item.ToString()),
            .. outcome.External.Select(static text => $"refers to {text}"),
            .. output?.Sections.Where(static section => section is { IsAllocated: true, Size: > 0 })
                .Select(static section => $"{section.Name} {section.Size}")
                ?? [],
        ];
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}
