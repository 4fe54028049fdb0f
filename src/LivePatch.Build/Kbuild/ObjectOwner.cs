namespace LivePatch.Build.Kbuild;

/// <summary>What an object file is linked into.</summary>
/// <param name="Name">The klp object: "vmlinux", or a module's name at run time ("kvm_intel").</param>
/// <param name="ModuleFile">Path of the module relative to the build directory, as in modules.order: "arch/x86/kvm/kvm-intel.ko".
/// It is installed under kernel/ in the kernel's module directory, perhaps compressed. Null for vmlinux.</param>
public sealed record ObjectOwner(string Name, string? ModuleFile);
