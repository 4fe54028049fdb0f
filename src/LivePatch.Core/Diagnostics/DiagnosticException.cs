namespace LivePatch.Core.Diagnostics;

/// <summary>Ends a stage that cannot go on. Always carries the diagnostics that say why;
/// the command line prints those and never the stack trace.</summary>
public sealed class DiagnosticException : Exception
{
    /// <summary>Ends a stage for one reason.</summary>
    public DiagnosticException(Diagnostic diagnostic)
        : this([diagnostic])
    {
    }

    /// <summary>Ends a stage for several reasons, all of which the user should see.</summary>
    /// <exception cref="ArgumentException"><paramref name="diagnostics"/> is empty.</exception>
    public DiagnosticException(IReadOnlyList<Diagnostic> diagnostics)
        : base(diagnostics.Count == 0 ? "no diagnostic" : diagnostics[0].ToString())
    {
        if (diagnostics.Count == 0)
        {
            throw new ArgumentException("A failure must say why.", nameof(diagnostics));
        }

        Diagnostics = diagnostics;
    }

    /// <summary>Why the stage ended; at least one.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }
}
