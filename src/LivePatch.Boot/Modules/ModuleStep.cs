namespace LivePatch.Boot.Modules;

/// <summary>One module to insert on the way to another.</summary>
/// <param name="Path">Its file, relative to the directory of <c>modules.dep</c>, or absolute.</param>
/// <param name="IsOptional">True for what only a soft dependency asks for: whether it can be loaded does not matter.</param>
internal readonly record struct ModuleStep(string Path, bool IsOptional)
{
    /// <summary>As the guest's scripts read it: <c>?</c> in front of what may fail.</summary>
    public override string ToString() => IsOptional ? "?" + Path : Path;
}
