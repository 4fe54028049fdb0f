namespace LivePatch.Kernel.Architecture;

/// <summary>Code that is rewritten at load, and how a module rewrites its own.</summary>
internal sealed partial class X64Architecture
{
    private const int LongestInstruction = 15;

    // text_poke under text_mutex is what apply_relocate_add itself uses on these kernels (arch/x86/kernel/module.c, 5.8 to 6.2).
    public LateRelocationReset? LateRelocationReset { get; } = new(
        "clear_relocate_add",
        ["linux/mutex.h"],
        [
            new("text_mutex", "klp_text_mutex", "struct mutex klp_text_mutex"),
            new("text_poke", "klp_text_poke", "void *klp_text_poke(void *addr, const void *opcode, size_t len)"),
            new("text_poke_sync", "klp_text_poke_sync", "void klp_text_poke_sync(void)"),
        ],
        ["mutex_lock(&klp_text_mutex);"],
        "klp_text_poke(place, &zeros, width);",
        ["klp_text_poke_sync();", "mutex_unlock(&klp_text_mutex);"],
        "type == R_X86_64_64 || type == R_X86_64_PC64 ? 8 : type == R_X86_64_NONE ? 0 : 4");

    // The code has not been executed when it is written to, so no other CPU need be told.
    public CodeWriting? CodeWriting { get; } = new(
        ["linux/mutex.h"],
        [
            new("text_mutex", "klp_code_mutex", "struct mutex klp_code_mutex"),
            new("text_poke", "klp_code_poke", "void *klp_code_poke(void *addr, const void *opcode, size_t len)"),
        ],
        ["mutex_lock(&klp_code_mutex);"],
        "klp_code_poke(place, value, width);",
        ["mutex_unlock(&klp_code_mutex);"]);

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
        ".retpoline_sites" or ".return_sites" or ".call_sites" or ".static_call_sites" or ".cfi_sites" or "__jump_table" => FirstInstruction(code),
        "__mcount_loc" => 5,
        ".ibt_endbr_seal" => 4,
        ".smp_locks" => 1,
        ".kcfi_traps" or "__bug_table" or "__ex_table" or ".orc_unwind" or ".orc_unwind_ip" => 0,
        _ => LongestInstruction,
    };

    private int FirstInstruction(ReadOnlySpan<byte> code) =>
        InstructionEnds(code[..Math.Min(code.Length, LongestInstruction)]) is [var end, ..] ? (int)end : LongestInstruction;
}
