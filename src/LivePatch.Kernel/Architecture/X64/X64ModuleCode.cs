namespace LivePatch.Kernel.Architecture.X64;

/// <summary>How an x86-64 module rewrites its own code.</summary>
internal sealed class X64ModuleCode : IModuleCode
{
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
    public CodeWriting? Writing { get; } = new(
        ["linux/mutex.h"],
        [
            new("text_mutex", "klp_code_mutex", "struct mutex klp_code_mutex"),
            new("text_poke", "klp_code_poke", "void *klp_code_poke(void *addr, const void *opcode, size_t len)"),
        ],
        ["mutex_lock(&klp_code_mutex);"],
        "klp_code_poke(place, value, width);",
        ["mutex_unlock(&klp_code_mutex);"]);
}
