namespace LivePatch.Kernel.Architecture;

/// <summary>The facts of one machine the rest of the tool asks for; every one of them lives behind this seam, in a folder of its
/// own.</summary>
public interface IArchitecture
{
    /// <summary>e_machine of its ELF files.</summary>
    ushort Machine { get; }

    /// <summary>Name for messages, as <c>uname -m</c> gives it.</summary>
    string Name { get; }

    /// <summary>Name of its directory in the kernel's <c>arch/</c>, and of Kbuild's ARCH/SRCARCH.</summary>
    string KbuildName { get; }

    /// <summary>The configuration option every kernel of this machine has, without <c>CONFIG_</c>.</summary>
    string ConfigOption { get; }

    /// <summary>What relocations write, and what they refer to.</summary>
    IRelocations Relocations { get; }

    /// <summary>Where instructions end, and what one does.</summary>
    IInstructions Instructions { get; }

    /// <summary>Distances in instructions, and how far they reach.</summary>
    IBranches Branches { get; }

    /// <summary>Where addresses go in code.</summary>
    IAddressFlow Flow { get; }

    /// <summary>How functions begin, and where the tracer hooks them.</summary>
    IFunctionEntry Entry { get; }

    /// <summary>The tables the kernel keeps about its code.</summary>
    ISpecialTables Tables { get; }

    /// <summary>What a module does to its own code.</summary>
    IModuleCode ModuleCode { get; }

    /// <summary>The kernel's image, as it is linked and as it is booted.</summary>
    IKernelImageFormat Image { get; }

    /// <summary>The virtual machine that kernels of this machine are verified in.</summary>
    GuestMachine Guest { get; }
}
