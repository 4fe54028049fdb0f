namespace LivePatch.Kernel;

/// <summary>What an object file is linked into.</summary>
/// <param name="Name">The klp object: "vmlinux", or a module's name at run time ("kvm_intel").</param>
/// <param name="ModuleFile">Path of the module relative to the build directory, as in modules.order: "drivers/net/dummy.ko".
/// It is installed under kernel/ in the kernel's module directory, perhaps compressed. Null for vmlinux.</param>
public sealed record ObjectOwner(string Name, string? ModuleFile)
{
    /// <summary>vmlinux.</summary>
    public static ObjectOwner Vmlinux { get; } = new(ModuleName.Vmlinux, null);

    /// <summary>True for vmlinux.</summary>
    public bool IsVmlinux => Name == ModuleName.Vmlinux;

    /// <summary>A module.</summary>
    /// <param name="file">Its path: "drivers/net/dummy.ko".</param>
    public static ObjectOwner Module(string file) => new(ModuleName.FromPath(file), file);

    /// <summary>The module's path, or "vmlinux".</summary>
    public override string ToString() => ModuleFile ?? Name;
}
