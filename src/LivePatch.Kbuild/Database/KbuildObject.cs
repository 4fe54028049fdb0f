using LivePatch.Kernel;

namespace LivePatch.Kbuild.Database;

/// <summary>
/// An object that the configuration builds, as the kernel's makefiles describe it. Paths are relative to the build directory
/// and have no "..", whatever the makefile writes: virt/kvm/kvm_main.o is listed by arch/A/kvm as ../../../virt/kvm/kvm_main.o.
/// </summary>
/// <param name="Path">The object: "fs/xfs/libxfs/xfs_alloc.o".</param>
/// <param name="Directory">The directory whose makefile builds it: "fs/xfs"; "." for the top.</param>
/// <param name="Source">What it is made from, relative to the source directory: "fs/xfs/libxfs/xfs_alloc.c"; null when make
/// does not say.</param>
/// <param name="Rule">Kbuild's name for the command: "cc_o_c" for C, "as_o_S" for assembler, others for objects that are
/// copied or post-processed; null when there is no command.</param>
/// <param name="Command">The command, to be run in the build directory; null when something it depends on cannot be made here
/// (the work tree is not built). Its path is the one the makefile uses, which may have "..".</param>
/// <param name="Owners">What it is linked into: usually one. None for parts of the boot code, vdso, purgatory, EFI stub, and
/// programs, which are no part of vmlinux or a module.</param>
/// <param name="IsLibrary">It goes into a lib.a (lib-y), from which the linker takes what is needed.</param>
public sealed record KbuildObject(
    string Path,
    string Directory,
    string? Source,
    string? Rule,
    CompileCommand? Command,
    IReadOnlyList<ObjectOwner> Owners,
    bool IsLibrary)
{
    /// <summary>True when it is compiled from C.</summary>
    public bool IsC => Rule == "cc_o_c";
}
