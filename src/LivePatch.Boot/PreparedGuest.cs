using LivePatch.Boot.Initramfs;
using LivePatch.Boot.Modules;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Boot;

/// <summary>Everything that is known before the boot.</summary>
/// <param name="Request">The request, with what it left open filled in from the module.</param>
/// <param name="Machine">The virtual machine it is booted in.</param>
/// <param name="Content">The guest's file system.</param>
/// <param name="Modules">The kernel's modules; null when they are not known.</param>
internal sealed record PreparedGuest(
    BootVerifyRequest Request, GuestMachine Machine, InitramfsContent Content, ModuleDependencies? Modules);
