using LivePatch.Kernel.Symbols;

namespace LivePatch.Module.Extract;

/// <summary>What else is loaded whenever the patched object is.</summary>
public interface ISurroundings
{
    /// <summary>Symbols of vmlinux.</summary>
    KernelSymbolTable Vmlinux { get; }

    /// <summary>True when a module is loaded before the patched object by necessity: the object depends on it.</summary>
    bool IsLoadedBefore(string module);

    /// <summary>A module's symbols; null when the target kernel has no such module.</summary>
    KernelSymbolTable? SymbolsOf(string module);

    /// <summary>True for a function of vmlinux or a module that cannot be called through a pointer; see
    /// <see cref="LivePatch.Kernel.Tracing.SealedFunctions"/>.</summary>
    bool IsSealed(string owner, SymbolPlace place);
}
