using LivePatch.Core.Diagnostics;

namespace LivePatch.Cli.Rendering;

/// <summary>Writes diagnostics the way compilers do, with the remedy on a line of its own.</summary>
internal static class DiagnosticRenderer
{
    /// <summary>Writes all that the verbosity lets through; errors and refusals always. A remedy that several in a row share is written
    /// once, after the last of them: a function with twelve tracepoints gives twelve warnings.</summary>
    public static void Write(TextWriter output, IEnumerable<Diagnostic> diagnostics, Verbosity verbosity, bool colour)
    {
        Diagnostic? last = null;
        foreach (var diagnostic in diagnostics.Where(item => IsWanted(item, verbosity)))
        {
            if (last is not null && (last.Descriptor != diagnostic.Descriptor || last.Remedy != diagnostic.Remedy))
            {
                WriteRemedy(output, last);
            }

            Write(output, diagnostic, colour);
            last = diagnostic;
        }

        if (last is not null)
        {
            WriteRemedy(output, last);
        }
    }

    private static bool IsWanted(Diagnostic diagnostic, Verbosity verbosity) =>
        diagnostic.IsFatal
        || (diagnostic.Kind == DiagnosticKind.Warning && verbosity >= Verbosity.Normal)
        || (diagnostic.Kind == DiagnosticKind.Note && verbosity >= Verbosity.Verbose);

    private static void Write(TextWriter output, Diagnostic diagnostic, bool colour)
    {
        var text = PrintableText.Of((diagnostic with { Location = OneLine(diagnostic.Location) }).ToString());
        if (colour)
        {
            var code = diagnostic.Kind switch { DiagnosticKind.Note => "36", DiagnosticKind.Warning => "33", _ => "31" };
            text = $"\u001b[{code}m{text}\u001b[0m";
        }

        OutputWriter.Raw(output).WriteLine(text);
    }

    /// <summary>A file name with a line end in it must not begin a message of its own.</summary>
    private static DiagnosticLocation OneLine(DiagnosticLocation place) => place with
    {
        File = place.File is null ? null : PrintableText.OfLine(place.File),
        Symbol = place.Symbol is null ? null : PrintableText.OfLine(place.Symbol),
        Section = place.Section is null ? null : PrintableText.OfLine(place.Section),
    };

    private static void WriteRemedy(TextWriter output, Diagnostic diagnostic)
    {
        if (diagnostic.Remedy.Length > 0 && diagnostic.Kind != DiagnosticKind.Note)
        {
            output.WriteLine($"    remedy: {PrintableText.Of(diagnostic.Remedy)}");
        }
    }
}
