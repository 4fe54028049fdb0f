using LivePatch.Elf;

namespace LivePatch.Kernel.Architecture.X64;

/// <summary>How x86-64 functions begin: padding with a name of its own, a landing pad, the call of the tracer.</summary>
internal sealed class X64FunctionEntry : IFunctionEntry
{
    /// <summary>The function every traceable function calls at its entry (<c>-pg -mfentry</c>).</summary>
    public const string Tracer = "__fentry__";

    private static readonly byte[] Endbr64 = [0xf3, 0x0f, 0x1e, 0xfa];

    // __pfx_: objtool --prefix (6.2+, CALL_PADDING); __cfi_: clang's kCFI type hash in front of a function.
    private static readonly string[] PrefixSymbols = ["__pfx_", "__cfi_"];

    public ReadOnlyMemory<byte> LandingPad => Endbr64;

    public bool IsPrefixSymbol(string name)
    {
        foreach (var prefix in PrefixSymbols)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public int SiteOffset(ReadOnlySpan<byte> functionStart) =>
        functionStart.StartsWith(Endbr64) ? Endbr64.Length : 0;

    public ulong? FindSite(ReadOnlySpan<byte> code, ulong entry, IEnumerable<(ulong Offset, ElfRelocation Relocation)> relocations)
    {
        if (entry > (ulong)code.Length)
        {
            return null;
        }

        var site = entry + (ulong)SiteOffset(code[(int)entry..]);
        foreach (var (offset, relocation) in relocations)
        {
            if (offset < entry)
            {
                continue;
            }

            // A call is e8 and a field of four bytes; one made a nop at build time keeps a relocation of type NONE.
            var isCall = relocation.Type is X64RelocationType.Pc32 or X64RelocationType.Plt32 && offset == site + 1;
            var isNop = relocation.Type == X64RelocationType.None && (offset == site + 1 || offset == site);
            return (isCall || isNop) && relocation.Symbol.Name == Tracer ? site : null;
        }

        return null;
    }

    public bool IsAtSite(ulong offset, ulong site) => offset == site || offset == site + 1;

    public TracerCall? RestoreCall(Span<byte> code, ulong site)
    {
        var at = code[(int)site..];
        if (!at.StartsWith(X64Branches.FiveByteNop))
        {
            return null;
        }

        at[0] = 0xe8;
        at.Slice(1, 4).Clear();
        return new TracerCall(X64RelocationType.Plt32, -4, 1);
    }
}
