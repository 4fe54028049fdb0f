namespace LivePatch.Core.Diagnostics;

/// <summary>
/// One kind of message the tool can give. Each layer declares its own in a static class named
/// <c>*Diagnostics</c>; <c>src/DIAGNOSTICS.md</c> documents each id, and a test compares the two.
/// </summary>
/// <param name="Id">Stable id, <c>LP</c> and four digits. Never reused for another meaning.</param>
/// <param name="Kind">What it means for the run.</param>
/// <param name="Title">Short name of the condition.</param>
/// <param name="Remedy">What the user can do about it, as a sentence in the imperative.</param>
public sealed record DiagnosticDescriptor(string Id, DiagnosticKind Kind, string Title, string Remedy)
{
    /// <summary>Makes a diagnostic of this kind.</summary>
    /// <param name="location">Where, in the author's terms.</param>
    /// <param name="text">What is wrong there and why, as a sentence.</param>
    /// <param name="remedy">A remedy more exact than <see cref="Remedy"/>, where one is known.</param>
    public Diagnostic At(DiagnosticLocation location, string text, string? remedy = null) =>
        new(this, location, text, remedy ?? Remedy);

    /// <summary>Makes a diagnostic of this kind about a file or object as a whole.</summary>
    public Diagnostic At(string file, string text, string? remedy = null) =>
        At(DiagnosticLocation.InFile(file), text, remedy);

    /// <summary>Makes a diagnostic that has no place in any file.</summary>
    public Diagnostic Anywhere(string text, string? remedy = null) =>
        At(DiagnosticLocation.None, text, remedy);
}
