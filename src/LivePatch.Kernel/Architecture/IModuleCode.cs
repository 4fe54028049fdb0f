namespace LivePatch.Kernel.Architecture;

/// <summary>How a module of one machine writes into its own code, in C.</summary>
public interface IModuleCode
{
    /// <summary>How a livepatch module clears its late relocations where the kernel does not; null when no way is known.</summary>
    LateRelocationReset? LateRelocationReset { get; }

    /// <summary>How a module writes into its own code; null when no way is known.</summary>
    CodeWriting? Writing { get; }
}
