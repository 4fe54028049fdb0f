using System.Buffers.Binary;
using System.Collections.Frozen;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.TestSupport;

/// <summary>
/// As much of arm64 as shows that another machine needs nothing but an <see cref="IArchitecture"/>: instructions of four bytes, and
/// relocations that share theirs with opcode and registers (ELF for the Arm 64-bit Architecture, 5.7). Nothing can be built with it.
/// </summary>
public sealed class Arm64Stub : IArchitecture, IRelocations, IInstructions, IInstructionDecoder, IBranches, IAddressFlow, IFunctionEntry, ISpecialTables, IModuleCode, IKernelImageFormat
{
    private const int InstructionSize = 4;

    private static readonly FrozenDictionary<uint, RelocationInfo> Known = new RelocationInfo[]
    {
        new(0, "R_AARCH64_NONE", 0, false, false),
        new(257, "R_AARCH64_ABS64", 8, false, false),
        new(258, "R_AARCH64_ABS32", 4, false, false),
        new(261, "R_AARCH64_PREL32", 4, true, true),

        // adrp: bits 29, 30 and 5 to 23. The register it writes is in bits 0 to 4.
        new(275, "R_AARCH64_ADR_PREL_PG_HI21", 4, true, true) { Mask = [0xe0, 0xff, 0xff, 0x60] },

        // add, ldr: bits 10 to 21.
        new(277, "R_AARCH64_ADD_ABS_LO12_NC", 4, false, false) { Mask = [0x00, 0xfc, 0x3f, 0x00] },
        new(285, "R_AARCH64_LDST32_ABS_LO12_NC", 4, false, false) { Mask = [0x00, 0xfc, 0x3f, 0x00] },

        // b, bl: bits 0 to 25.
        new(282, "R_AARCH64_JUMP26", 4, true, true) { Mask = [0xff, 0xff, 0xff, 0x03] },
        new(283, "R_AARCH64_CALL26", 4, true, true) { Mask = [0xff, 0xff, 0xff, 0x03] },
    }.ToFrozenDictionary(static info => info.Type);

    private Arm64Stub()
    {
    }

    /// <summary>The only one, known to <see cref="Architectures"/> from its first use on.</summary>
    public static Arm64Stub Registered { get; } = Register();

    /// <inheritdoc/>
    public ushort Machine => 183;

    /// <inheritdoc/>
    public string Name => "aarch64";

    /// <inheritdoc/>
    public string KbuildName => "arm64";

    /// <inheritdoc/>
    public string ConfigOption => "ARM64";

    /// <inheritdoc/>
    public IRelocations Relocations => this;

    /// <inheritdoc/>
    public IInstructions Instructions => this;

    /// <inheritdoc/>
    public IBranches Branches => this;

    /// <inheritdoc/>
    public IAddressFlow Flow => this;

    /// <inheritdoc/>
    public IFunctionEntry Entry => this;

    /// <inheritdoc/>
    public ISpecialTables Tables => this;

    /// <inheritdoc/>
    public IModuleCode ModuleCode => this;

    /// <inheritdoc/>
    public IKernelImageFormat Image => this;

    /// <inheritdoc/>
    public GuestMachine Guest { get; } = new("qemu-system-aarch64", ["-machine", "virt", "-cpu", "max"], "console=ttyAMA0", "pc : ");

    /// <inheritdoc/>
    uint IRelocations.Address => 257;

    /// <inheritdoc/>
    public RelocationInfo? Find(uint type) => Known.GetValueOrDefault(type);

    /// <inheritdoc/>
    public bool IsNothing(uint type) => type == 0;

    /// <inheritdoc/>
    public bool IsLoadable(uint type) => Find(type) is not null;

    /// <inheritdoc/>
    public bool AreEquivalent(uint left, uint right) => left == right;

    /// <inheritdoc/>
    public bool IsBranch(uint type) => type is 282 or 283;

    /// <inheritdoc/>
    public bool CountsFromInstructionEnd(uint type) => false;

    /// <inheritdoc/>
    public long TargetOf(in ElfRelocation relocation, ulong? instructionEnd) => (long)relocation.Symbol.Value + relocation.Addend;

    /// <inheritdoc/>
    public ulong? SymbolAddress(in ElfRelocation relocation, ulong place, ReadOnlySpan<byte> field)
    {
        if (!IsBranch(relocation.Type))
        {
            return relocation.Type == 257 ? BinaryPrimitives.ReadUInt64LittleEndian(field) - (ulong)relocation.Addend : null;
        }

        var distance = (long)(BinaryPrimitives.ReadInt32LittleEndian(field) << 6 >> 6) * InstructionSize;
        return place + (ulong)(distance - relocation.Addend);
    }

    /// <inheritdoc/>
    public IInstructionDecoder Decoder => this;

    /// <inheritdoc/>
    public ulong[] Ends(ReadOnlySpan<byte> code) =>
        [.. Enumerable.Range(1, code.Length / InstructionSize).Select(static index => (ulong)(index * InstructionSize))];

    /// <inheritdoc/>
    public bool RunsOn(ReadOnlySpan<byte> instruction) => !instruction.SequenceEqual((ReadOnlySpan<byte>)[0xc0, 0x03, 0x5f, 0xd6]);

    /// <inheritdoc/>
    public AddressUse UseOf(ReadOnlySpan<byte> instruction, int offset) => AddressUse.Unknown;

    /// <inheritdoc/>
    public bool IsMemoryOperand(ReadOnlySpan<byte> instruction, int offset) => false;

    /// <inheritdoc/>
    public IReadOnlyList<ArgumentInstruction>? DecodeArguments(ReadOnlySpan<byte> code) => null;

    /// <inheritdoc/>
    public int FillerLength(ReadOnlySpan<byte> code) =>
        code is [0x1f, 0x20, 0x03, 0xd5, ..] or [0, 0, 0, 0, ..] ? InstructionSize : 0;

    /// <inheritdoc/>
    public bool TryGetLength(ReadOnlySpan<byte> code, int offset, out int length)
    {
        length = InstructionSize;
        return offset + InstructionSize <= code.Length;
    }

    /// <inheritdoc/>
    public bool TryDecode(ReadOnlySpan<byte> code, int offset, out DecodedInstruction instruction)
    {
        instruction = default;
        return false;
    }

    /// <inheritdoc/>
    public IReadOnlyList<DecodedInstruction> Disassemble(ReadOnlyMemory<byte> code, ulong address = 0) => [];

    /// <inheritdoc/>
    public PcRelativeField? Field(ReadOnlySpan<byte> instruction) => null;

    /// <inheritdoc/>
    public bool TryLead(Span<byte> instruction, in PcRelativeField field, long target) => false;

    /// <inheritdoc/>
    public void Clear(Span<byte> instruction, in PcRelativeField field)
    {
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> LongForm(ReadOnlySpan<byte> instruction) => default;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> FarJump => default;

    /// <inheritdoc/>
    public bool ReachesShort(long distance) => false;

    /// <inheritdoc/>
    public void LeadShort(Span<byte> field, long distance)
    {
    }

    /// <inheritdoc/>
    public bool IsBranchField(ReadOnlySpan<byte> code, ulong offset) => false;

    /// <inheritdoc/>
    public IEnumerable<(ulong Site, ulong Target)> Find(ReadOnlyMemory<byte> code, ulong address, IReadOnlySet<ulong> targets) => [];

    public bool IsCallField(ReadOnlySpan<byte> code, ulong offset) => false;

    /// <inheritdoc/>
    public int NopForJump(ReadOnlySpan<byte> code, ReadOnlySpan<byte> other) => 0;

    /// <inheritdoc/>
    public int TurnOffBranch(Span<byte> code, long keyAddend) => 0;

    /// <inheritdoc/>
    public CallConvention Calls { get; } = new([0, 1, 2, 3, 4, 5, 6, 7], 0, 0x7fffffff, 31, 29);

    /// <inheritdoc/>
    public IReadOnlyList<FlowInstruction>? Decode(ReadOnlySpan<byte> code) => null;

    /// <inheritdoc/>
    public bool IsReturnThunk(string symbol) => false;

    /// <inheritdoc/>
    public bool IsIndirectThunk(string symbol) => false;

    /// <inheritdoc/>
    public bool KeepsArguments(string symbol) => false;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> LandingPad => default;

    /// <inheritdoc/>
    public bool IsPrefixSymbol(string name) => false;

    /// <inheritdoc/>
    public int SiteOffset(ReadOnlySpan<byte> functionStart) => 0;

    /// <inheritdoc/>
    public ulong? FindSite(ReadOnlySpan<byte> code, ulong entry, IEnumerable<(ulong Offset, ElfRelocation Relocation)> relocations) =>
        entry;

    /// <inheritdoc/>
    public bool IsAtSite(ulong offset, ulong site) => false;

    /// <inheritdoc/>
    public TracerCall? RestoreCall(Span<byte> code, ulong site) => null;

    /// <inheritdoc/>
    public SpecialSectionCatalog Catalog(IReadOnlyDictionary<string, int> structSizes) => new([], [], [], [], structSizes);

    /// <inheritdoc/>
    public string? LandingPadRemovals => null;

    /// <inheritdoc/>
    public int FarthestField => 0;

    /// <inheritdoc/>
    public int? ReplacementBytes(string table, ReadOnlySpan<byte> entry) => null;

    /// <inheritdoc/>
    public int RewrittenBytes(string table, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> code) => 0;

    /// <inheritdoc/>
    public (string Variable, int Width)? RuntimeConstant(string section) => null;

    /// <inheritdoc/>
    public LateRelocationReset? LateRelocationReset => null;

    /// <inheritdoc/>
    public CodeWriting? Writing => null;

    /// <inheritdoc/>
    public string BootImagePath => "arch/arm64/boot/Image.gz";

    /// <inheritdoc/>
    public ulong LowestAddress => 0xffff_0000_0000_0000;

    /// <inheritdoc/>
    public long? PhysicalAddressBias => null;

    /// <inheritdoc/>
    public int HeaderLimit => 64;

    /// <inheritdoc/>
    public bool HasHeader(ReadOnlySpan<byte> head) => false;

    /// <inheritdoc/>
    public string? VersionText(ReadOnlySpan<byte> head) => null;

    /// <inheritdoc/>
    public (long Start, long Length)? Payload(ReadOnlySpan<byte> file) => null;

    private static Arm64Stub Register()
    {
        var stub = new Arm64Stub();
        Architectures.Add(stub);
        return stub;
    }
}
