using LivePatch.Kernel.Special;

namespace LivePatch.Kernel.Architecture.X64;

/// <summary>The tables of x86-64 kernels, and what the kernel rewrites by them.</summary>
/// <param name="instructions">The instructions.</param>
internal sealed class X64SpecialTables(IInstructions instructions) : ISpecialTables
{
    public SpecialSectionCatalog Catalog(IReadOnlyDictionary<string, int> structSizes) => X64SpecialSections.Create(structSizes);

    // objtool --ibt writes it, and apply_seal_endbr (apply_ibt_endbr before 6.3) in arch/x86/kernel/alternative.c reads it; Linux 5.18 and
    // later.
    public string? LandingPadRemovals => ".ibt_endbr_seal";

    // An entry may name the first prefix of an instruction: f2 or 2e, and two bytes of opcode.
    public int FarthestField => 3;

    public int? ReplacementBytes(string table, ReadOnlySpan<byte> entry) =>
        table == ".altinstructions"
            ? entry.Length switch
            {
                12 => entry[11],
                13 => entry[11],
                14 => entry[13],
                _ => null,
            }
            : null;

    // arch/x86/include/asm/runtime-const.h, Linux 6.10: an address or number of 64 bits, and the count of a shift.
    public (string Variable, int Width)? RuntimeConstant(string section) =>
        section.StartsWith("runtime_ptr_", StringComparison.Ordinal) ? (section["runtime_ptr_".Length..], 8)
        : section.StartsWith("runtime_shift_", StringComparison.Ordinal) ? (section["runtime_shift_".Length..], 1)
        : null;

    public int RewrittenBytes(string table, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> code) => table switch
    {
        // struct alt_instr ends in instrlen, replacementlen; 5.10 has padlen behind them (arch/x86/include/asm/alternative.h).
        ".altinstructions" => entry.Length switch
        {
            12 => entry[10],
            13 => entry[10],
            14 => entry[12],
            _ => byte.MaxValue,
        },

        // struct paravirt_patch_site { u8 *instr; u8 type; u8 len; }; the last one may lack its padding.
        ".parainstructions" => entry.Length >= 10 ? entry[9] : byte.MaxValue,
        ".retpoline_sites" or ".return_sites" or ".call_sites" or ".static_call_sites" or ".cfi_sites" or "__jump_table" =>
            FirstInstruction(code),
        "__mcount_loc" => 5,
        ".ibt_endbr_seal" => 4,
        ".smp_locks" => 1,
        ".kcfi_traps" or "__bug_table" or "__ex_table" or ".orc_unwind" or ".orc_unwind_ip" => 0,
        _ => X64Instructions.Longest,
    };

    private int FirstInstruction(ReadOnlySpan<byte> code) =>
        instructions.Ends(code[..Math.Min(code.Length, X64Instructions.Longest)]) is [var end, ..] ? (int)end : X64Instructions.Longest;
}
