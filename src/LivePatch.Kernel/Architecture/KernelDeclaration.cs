namespace LivePatch.Kernel.Architecture;

/// <summary>A symbol of vmlinux that generated C refers to under a name of its own, because the headers' declaration of the
/// real one would make the linker look for an export.</summary>
/// <param name="Symbol">Its name in the kernel.</param>
/// <param name="LocalName">The name in the C source.</param>
/// <param name="Declaration">The declaration under the local name, without "extern" and semicolon.</param>
public sealed record KernelDeclaration(string Symbol, string LocalName, string Declaration);
