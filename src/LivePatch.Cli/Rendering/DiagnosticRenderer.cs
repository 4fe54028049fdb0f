using LivePatch.Core.Diagnostics;

namespace LivePatch.Cli.Rendering;

/// <summary>Writes diagnostics the way compilers do, with the remedy on a line of its own.</summary>
internal static class DiagnosticRenderer
{
    /// <summary>Writes all that the verbosity lets through; errors and refusals always.</summary>
    public static void Write(TextWriter output, IEnumerable<Diagnostic> diagnostics, Verbosity verbosity, bool colour)
    {
        foreach (var diagnostic in diagnostics)
        {
            if (diagnostic.IsFatal
                || (diagnostic.Kind == DiagnosticKind.Warning && verbosity >= Verbosity.Normal)
                || (diagnostic.Kind == DiagnosticKind.Note && verbosity >= Verbosity.Verbose))
            {
                Write(output, diagnostic, colour);
            }
        }
    }

    private static void Write(TextWriter output, Diagnostic diagnostic, bool colour)
    {
        var text = diagnostic.ToString();
        if (colour)
        {
            var code = diagnostic.Kind switch { DiagnosticKind.Note => "36", DiagnosticKind.Warning => "33", _ => "31" };
            text = $"\u001b[{code}m{text}\u001b[0m";
        }

        output.WriteLine(text);
        if (diagnostic.Remedy.Length > 0 && diagnostic.Kind != DiagnosticKind.Note)
        {
            output.WriteLine($"    remedy: {diagnostic.Remedy}");
        }
    }
}
