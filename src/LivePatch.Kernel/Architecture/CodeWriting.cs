namespace LivePatch.Kernel.Architecture;

/// <summary>How a module writes into its own code, which the kernel has made read-only by then: C statements.</summary>
/// <param name="Headers">Headers for the declarations below.</param>
/// <param name="Symbols">Unexported symbols of the kernel that are used.</param>
/// <param name="Begin">Statements before the first write.</param>
/// <param name="Write">One write, of <c>width</c> bytes at <c>value</c> to <c>place</c>.</param>
/// <param name="End">Statements after the last write.</param>
public sealed record CodeWriting(
    IReadOnlyList<string> Headers, IReadOnlyList<KernelDeclaration> Symbols, IReadOnlyList<string> Begin, string Write,
    IReadOnlyList<string> End);
