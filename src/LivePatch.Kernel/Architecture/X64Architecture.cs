using System.Collections.Frozen;
using System.Collections.Immutable;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture.Capstone;

namespace LivePatch.Kernel.Architecture;

/// <summary>x86-64. Relocation facts: psABI table 4.9 and arch/x86/kernel/module.c (Linux 6.1).</summary>
internal sealed partial class X64Architecture : IArchitecture
{
    private static readonly byte[] Endbr64 = [0xf3, 0x0f, 0x1e, 0xfa];

    private static readonly FrozenDictionary<uint, RelocationInfo> Relocations = new RelocationInfo[]
    {
        new(X64RelocationType.None, "R_X86_64_NONE", 0, false, false),
        new(X64RelocationType.Abs64, "R_X86_64_64", 8, false, false),
        new(X64RelocationType.Pc32, "R_X86_64_PC32", 4, true, true),
        new(X64RelocationType.Plt32, "R_X86_64_PLT32", 4, true, true),
        new(X64RelocationType.GotPcRel, "R_X86_64_GOTPCREL", 4, true, true),
        new(X64RelocationType.Abs32, "R_X86_64_32", 4, false, false),
        new(X64RelocationType.Abs32S, "R_X86_64_32S", 4, false, true),
        new(12, "R_X86_64_16", 2, false, false),
        new(13, "R_X86_64_PC16", 2, true, true),
        new(14, "R_X86_64_8", 1, false, true),
        new(15, "R_X86_64_PC8", 1, true, true),
        new(X64RelocationType.Pc64, "R_X86_64_PC64", 8, true, true),
        new(X64RelocationType.GotPcRelX, "R_X86_64_GOTPCRELX", 4, true, true),
        new(X64RelocationType.RexGotPcRelX, "R_X86_64_REX_GOTPCRELX", 4, true, true),
    }.ToFrozenDictionary(static info => info.Type);

    public ushort Machine => ElfConstants.EmX8664;

    public string Name => "x86_64";

    public string KbuildName => "x86";

    public string BootImagePath => "arch/x86/boot/bzImage";

    public string ConfigOption => "X86_64";

    public IInstructionDecoder Instructions { get; } = new CapstoneDecoder(CapstoneArchitecture.X86, CapstoneMode.Bits64);

    public string FtraceEntrySymbol => "__fentry__";

    public ReadOnlyMemory<byte> LandingPad => Endbr64;

    // objtool --ibt writes it, and apply_seal_endbr (apply_ibt_endbr before 6.3) in arch/x86/kernel/alternative.c reads it; Linux 5.18 and later.
    public string? LandingPadRemovals => ".ibt_endbr_seal";

    // __pfx_: objtool --prefix (6.2+, CALL_PADDING); __cfi_: clang's kCFI type hash in front of a function.
    public ImmutableArray<string> PrefixSymbolPrefixes { get; } = ["__pfx_", "__cfi_"];

    public ulong LowestKernelAddress => 0xffff_ffff_8000_0000;

    public int FtraceSiteOffset(ReadOnlySpan<byte> functionStart) =>
        functionStart.StartsWith(Endbr64) ? Endbr64.Length : 0;

    public RelocationInfo? Relocation(uint type) => Relocations.GetValueOrDefault(type);

    public bool IsModuleRelocation(uint type) => type is
        X64RelocationType.None or X64RelocationType.Abs64 or X64RelocationType.Abs32 or X64RelocationType.Abs32S
        or X64RelocationType.Pc32 or X64RelocationType.Plt32 or X64RelocationType.Pc64;
}
