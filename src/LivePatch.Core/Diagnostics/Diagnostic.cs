namespace LivePatch.Core.Diagnostics;

/// <summary>One message to the user: what, where, why, and what to do about it.</summary>
/// <param name="Descriptor">The kind of message.</param>
/// <param name="Location">Where.</param>
/// <param name="Text">What is wrong and why.</param>
/// <param name="Remedy">What to do about it; empty for notes that need nothing.</param>
public sealed record Diagnostic(
    DiagnosticDescriptor Descriptor,
    DiagnosticLocation Location,
    string Text,
    string Remedy)
{
    /// <summary>Stable id, <c>LP</c> and four digits.</summary>
    public string Id => Descriptor.Id;

    /// <summary>What it means for the run.</summary>
    public DiagnosticKind Kind => Descriptor.Kind;

    /// <summary>True for errors and refusals: the stage that reported it has no result.</summary>
    public bool IsFatal => Kind is DiagnosticKind.Error or DiagnosticKind.Refusal;

    /// <summary>One line in the manner of a compiler: <c>place: error LP0101: text</c>.</summary>
    public override string ToString()
    {
        var place = Location.ToString();
        var kind = Kind switch
        {
            DiagnosticKind.Note => "note",
            DiagnosticKind.Warning => "warning",
            DiagnosticKind.Refusal => "cannot be livepatched",
            _ => "error",
        };
        return place.Length == 0 ? $"{kind} {Id}: {Text}" : $"{place}: {kind} {Id}: {Text}";
    }
}
