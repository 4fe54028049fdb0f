namespace LivePatch.Module.Verify;

/// <summary>One replaced function as the module's klp_func tables have it.</summary>
/// <param name="ObjectName">"vmlinux" or a module.</param>
/// <param name="OldName">old_name.</param>
/// <param name="Sympos">old_sympos.</param>
/// <param name="NewName">The symbol new_func points to.</param>
public sealed record KlpFunctionFact(string ObjectName, string OldName, ulong Sympos, string NewName);
