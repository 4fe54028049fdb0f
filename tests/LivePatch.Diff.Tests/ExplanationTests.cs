using LivePatch.Diff.Explain;
using LivePatch.Diff.Tests.Fixtures;
using LivePatch.Elf;

namespace LivePatch.Diff.Tests;

/// <summary>The explanation accounts for everything in a result and for everything that was passed over.</summary>
public sealed class ExplanationTests
{
    /// <summary>Written by the extraction itself: the linker's note, and tracer calls of objects that have no table of them.</summary>
    private static readonly string[] Generated = [".note.GNU-stack", "__mcount_loc"];

    public static TheoryData<string> Names => [.. FixtureCatalog.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task every_section_and_symbol_of_a_result_has_its_reasons(string name)
    {
        var outcome = await RunAsync(name);
        using var output = outcome.Output;
        Assert.All(
            outcome.Explanation,
            static entry => Assert.True(entry.Reasons.Count > 0 && entry.Reasons.All(static reason => reason.Length > 0), entry.Name));
        if (output is null)
        {
            return;
        }

        var copied = outcome.Explanation.Where(static entry => entry.Kind == ExplanationKind.Copied).ToList();
        var sections =
            outcome.Explanation.Where(static entry => entry.Kind is ExplanationKind.Copied or ExplanationKind.Literal)
                .Select(static entry => entry.Section)
                .ToHashSet();
        var names = copied.Select(static entry => entry.Name).ToHashSet();
        foreach (var section in output.Sections.Where(
            static section => section is { IsAllocated: true, Size: > 0 } && !Generated.Contains(section.Name)))
        {
            // What shared a section gets one of its own, named after the symbol.
            Assert.True(sections.Contains(section.Name) || names.Contains(section.Name.Split('.', 3)[^1]), $"{section.Name} has no reason");
        }

        foreach (var symbol in output.Symbols.Where(static symbol => symbol.Section is not null && symbol.Type != ElfSymbolType.Section))
        {
            Assert.True(
                output.Symbols.Any(other => other.Section == symbol.Section && names.Contains(other.Name))
                    || names.Contains(symbol.Section!.Name),
                $"{symbol.Name} has no reason");
        }

        var running =
            outcome.Explanation.Where(static entry => entry.Kind == ExplanationKind.Running)
                .Select(static entry => WithoutDigits(entry.Name))
                .ToHashSet();
        var pointedTo = outcome.Changed.Select(WithoutDigits).ToHashSet();
        Assert.All(
            outcome.External,
            external =>
                Assert.True(
                    running.Contains(WithoutDigits(external)) || pointedTo.Contains(WithoutDigits(external)), $"{external} has no reason"));
    }

    [Theory]
    [InlineData("lines-might-sleep (gcc)", "work", "line numbers differ, by")]
    [InlineData("lines-warn (gcc)", "*", "__bug_table")]
    [InlineData("lines-in-string (gcc)", "work", "line number in the string")]
    [InlineData("lines-dynamic-debug (gcc)", "*", "debug message")]
    [InlineData("ubsan-lines (gcc)", "*", "sanitizer")]
    [InlineData("isra-renumbered (gcc)", "*", "it was called")]
    [InlineData("static-local-renumbered-from-behind (gcc)", "*", "it was called")]
    [InlineData("function-name-renumbered-from-behind (gcc)", "*", "was called")]
    public async Task what_looked_like_a_change_is_told(string name, string place, string text)
    {
        var outcome = await RunAsync(name);
        Assert.Contains(outcome.Explanation, entry => entry.Kind == ExplanationKind.Forgiven && (place == "*" || entry.Name == place)
            && entry.Reasons.Any(reason => reason.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task what_an_author_marked_is_told() =>
        Assert.Contains((await RunAsync("marker-ignore-function (gcc)")).Explanation, static entry =>
            entry.Kind == ExplanationKind.LeftOut
                && entry.Reasons.Any(static reason => reason.Contains("marks the function to be ignored", StringComparison.Ordinal)));

    private static async Task<DiffOutcome> RunAsync(string name)
    {
        var fixture = FixtureCatalog.Cases[name];
        var compiled = await CompiledFixture.CompileAsync(fixture);
        return new EngineRunner().Run(DiffRequest.For(fixture, compiled.Original, compiled.Patched));
    }

    private static string WithoutDigits(string name) => string.Concat(name.Where(static c => !char.IsAsciiDigit(c)));
}
