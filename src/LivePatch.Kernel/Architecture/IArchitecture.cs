using System.Collections.Immutable;

namespace LivePatch.Kernel.Architecture;

/// <summary>The facts of one machine the rest of the tool asks for; every one of them lives behind this seam.</summary>
public partial interface IArchitecture
{
    /// <summary>e_machine of its ELF files.</summary>
    ushort Machine { get; }

    /// <summary>Name for messages, as <c>uname -m</c> gives it.</summary>
    string Name { get; }

    /// <summary>Name of its directory in the kernel's <c>arch/</c>, and of Kbuild's ARCH/SRCARCH.</summary>
    string KbuildName { get; }

    /// <summary>Where a build leaves the bootable image, relative to its directory.</summary>
    string BootImagePath { get; }

    /// <summary>The configuration option every kernel of this machine has, without <c>CONFIG_</c>.</summary>
    string ConfigOption { get; }

    /// <summary>Instruction boundaries and texts. The disassembler is loaded at its first use.</summary>
    IInstructionDecoder Instructions { get; }

    /// <summary>The function every traceable function calls at its entry (<c>-pg -mfentry</c>).</summary>
    string FtraceEntrySymbol { get; }

    /// <summary>How many bytes at the start of some code are a jump for which there is a nop of the same size in other code: the two forms a
    /// static branch is shipped in. 0 when they are not.</summary>
    /// <param name="code">Code with the jump.</param>
    /// <param name="other">Code with the nop.</param>
    int NopForJump(ReadOnlySpan<byte> code, ReadOnlySpan<byte> other);

    /// <summary>The instruction a function may begin with as the target of indirect branches; empty where there is none.</summary>
    ReadOnlyMemory<byte> LandingPad { get; }

    /// <summary>Name of the table of landing pads that the kernel removes when it boots or loads a module: 32-bit offsets from the entry
    /// to a pad. Null where there is none.</summary>
    string? LandingPadRemovals { get; }

    /// <summary>
    /// Prefixes of the names that stand for the padding in front of a function: such a symbol is no function of
    /// its own and ends where the function begins.
    /// </summary>
    ImmutableArray<string> PrefixSymbolPrefixes { get; }

    /// <summary>Where in a function its ftrace site lies when it has one: 0, or behind the landing pad.</summary>
    /// <param name="functionStart">The first bytes of the function, from its symbol on.</param>
    /// <returns>Bytes from the symbol to the site.</returns>
    int FtraceSiteOffset(ReadOnlySpan<byte> functionStart);

    /// <summary>The lowest address the kernel image may be linked at: smaller symbol values are no addresses
    /// (per-CPU offsets, absolute constants).</summary>
    ulong LowestKernelAddress { get; }

    /// <summary>How a livepatch module clears its late relocations where the kernel does not; null when no way is known.</summary>
    LateRelocationReset? LateRelocationReset { get; }

    /// <summary>How a module writes into its own code; null when no way is known.</summary>
    CodeWriting? CodeWriting { get; }

    /// <summary>What a section with that name holds the places of: the variable whose value the kernel writes there at boot, and how many bytes of
    /// it. Null for other sections.</summary>
    (string Variable, int Width)? RuntimeConstant(string section);

    /// <summary>How many bytes of code, from the place an entry of a special table names, the kernel rewrites when it loads the
    /// module; 0 when it only reads the table.</summary>
    /// <param name="table">Name of the table's section.</param>
    /// <param name="entry">The entry's bytes; may be empty when the table cannot be cut into entries.</param>
    /// <param name="code">The code from that place on.</param>
    int RewrittenBytes(string table, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> code);

    /// <summary>What a relocation type writes; null for a type the kernel's objects never hold.</summary>
    RelocationInfo? Relocation(uint type);

    /// <summary>True when the kernel's module loader applies relocations of this type.</summary>
    bool IsModuleRelocation(uint type);
}
