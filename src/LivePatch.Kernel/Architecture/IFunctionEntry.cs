using LivePatch.Elf;

namespace LivePatch.Kernel.Architecture;

/// <summary>How the functions of one machine begin.</summary>
public interface IFunctionEntry
{
    /// <summary>The instruction a function may begin with as the target of indirect branches; empty where there is none.</summary>
    ReadOnlyMemory<byte> LandingPad { get; }

    /// <summary>True for symbols of the padding before a function: such a symbol is no function of its own and ends where the function
    /// begins.</summary>
    bool IsPrefixSymbol(string name);

    /// <summary>Where in a function its ftrace site lies when it has one: 0, or behind the landing pad.</summary>
    /// <param name="functionStart">The first bytes of the function, from its symbol on.</param>
    /// <returns>Bytes from the symbol to the site.</returns>
    int SiteOffset(ReadOnlySpan<byte> functionStart);

    /// <summary>Offset of the tracer's call site in a function; null when there is none at its entry.</summary>
    /// <param name="code">The function, prefix padding included.</param>
    /// <param name="entry">Offset of its entry in <paramref name="code"/>.</param>
    /// <param name="relocations">Its relocations with their offsets in <paramref name="code"/>, ascending.</param>
    ulong? FindSite(ReadOnlySpan<byte> code, ulong entry, IEnumerable<(ulong Offset, ElfRelocation Relocation)> relocations);

    /// <summary>True when a relocation belongs to a call site of the tracer.</summary>
    /// <param name="offset">The relocation's offset in the function.</param>
    /// <param name="site">The site's.</param>
    bool IsAtSite(ulong offset, ulong site);

    /// <summary>A call site of the tracer that was made a nop at build time is made a call again: the loader of a module
    /// expects the call and turns it off itself.</summary>
    /// <param name="code">The function's bytes, changed in place.</param>
    /// <param name="site">Offset of the site.</param>
    /// <returns>The relocation the site needs; null when the bytes are no nop of its size.</returns>
    TracerCall? RestoreCall(Span<byte> code, ulong site);
}
