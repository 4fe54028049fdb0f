namespace LivePatch.Kernel.Architecture;

/// <summary>
/// How a livepatch module of one machine takes the addresses of a module's symbols out of its own code again, in C.
///
/// The kernel writes them when the module arrives and demands zeros there (apply_relocate_add). Kernels before 6.3 leave
/// them when the module goes, and refuse to load it a second time; 6.3 added clear_relocate_add.
/// </summary>
/// <param name="BuiltIn">A function of the kernel that does all this itself where it exists.</param>
/// <param name="Headers">Headers to include, as written between angle brackets.</param>
/// <param name="Symbols">What the code needs of vmlinux, exported or not.</param>
/// <param name="Begin">Statements before the first write.</param>
/// <param name="Write">A statement that writes <c>width</c> zeros from <c>zeros</c> to <c>place</c>.</param>
/// <param name="End">Statements after the last write.</param>
/// <param name="Width">An expression of <c>type</c>, a relocation type: how many bytes it writes.</param>
public sealed record LateRelocationReset(
    string BuiltIn,
    IReadOnlyList<string> Headers,
    IReadOnlyList<KernelDeclaration> Symbols,
    IReadOnlyList<string> Begin,
    string Write,
    IReadOnlyList<string> End,
    string Width);
