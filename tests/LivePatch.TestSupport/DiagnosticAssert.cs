using LivePatch.Core.Diagnostics;
using Xunit;

namespace LivePatch.TestSupport;

/// <summary>Assertions about diagnostics, by id: texts may be improved freely.</summary>
public static class DiagnosticAssert
{
    /// <summary>Exactly one diagnostic, of this kind.</summary>
    public static Diagnostic Single(IReadOnlyList<Diagnostic> diagnostics, DiagnosticDescriptor expected)
    {
        var single = Assert.Single(diagnostics);
        Assert.Equal(expected.Id, single.Id);
        return single;
    }

    /// <summary>At least one of this kind; returns the first.</summary>
    public static Diagnostic Contains(IReadOnlyList<Diagnostic> diagnostics, DiagnosticDescriptor expected)
    {
        var found = diagnostics.FirstOrDefault(diagnostic => diagnostic.Id == expected.Id);
        if (found is null)
        {
            Assert.Fail($"expected {expected.Id}, got {Describe(diagnostics)}");
        }

        return found;
    }

    /// <summary>Nothing fatal was reported.</summary>
    public static void NoFatal(IReadOnlyList<Diagnostic> diagnostics)
    {
        if (diagnostics.Any(static diagnostic => diagnostic.IsFatal))
        {
            Assert.Fail($"expected no error, got {Describe(diagnostics)}");
        }
    }

    /// <summary>The action ends with a <see cref="DiagnosticException"/> whose only diagnostic is of this kind.</summary>
    public static Diagnostic Throws(DiagnosticDescriptor expected, Action action) =>
        Single(Assert.Throws<DiagnosticException>(action).Diagnostics, expected);

    /// <summary>The task ends with a <see cref="DiagnosticException"/> whose only diagnostic is of this kind.</summary>
    public static async Task<Diagnostic> ThrowsAsync(DiagnosticDescriptor expected, Func<Task> action) =>
        Single((await Assert.ThrowsAsync<DiagnosticException>(action)).Diagnostics, expected);

    private static string Describe(IReadOnlyList<Diagnostic> diagnostics) =>
        diagnostics.Count == 0 ? "none" : string.Join("; ", diagnostics);
}
