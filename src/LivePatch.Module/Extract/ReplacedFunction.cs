namespace LivePatch.Module.Extract;

/// <summary>One row of klp_func.</summary>
/// <param name="ObjectName">"vmlinux" or the module that has the old function.</param>
/// <param name="OldName">The old function's name there.</param>
/// <param name="Sympos">old_sympos: 0 when the name is unique in the object.</param>
/// <param name="NewName">The replacement's name in the patched object, for people.</param>
/// <param name="LinkName">A global C identifier for the replacement, for the module's source.</param>
public sealed record ReplacedFunction(string ObjectName, string OldName, uint Sympos, string NewName, string LinkName);
