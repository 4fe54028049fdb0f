namespace LivePatch.Kernel.Architecture.X64;

/// <summary>x86-64.</summary>
internal sealed class X64Architecture : IArchitecture
{
    public X64Architecture()
    {
        Branches = new X64Branches();
        Instructions = new X64Instructions(Branches);
        Flow = new X64AddressFlow();
        Tables = new X64SpecialTables(Instructions);
    }

    /// <summary>EM_X86_64.</summary>
    public ushort Machine => 62;

    public string Name => "x86_64";

    public string KbuildName => "x86";

    public string ConfigOption => "X86_64";

    public IRelocations Relocations { get; } = new X64Relocations();

    public IInstructions Instructions { get; }

    public IBranches Branches { get; }

    public IAddressFlow Flow { get; }

    public IFunctionEntry Entry { get; } = new X64FunctionEntry();

    public ISpecialTables Tables { get; }

    public IModuleCode ModuleCode { get; } = new X64ModuleCode();

    public IKernelImageFormat Image { get; } = new X64KernelImageFormat();

    public GuestMachine Guest { get; } = new(
        "qemu-system-x86_64",
        // One thread for all virtual CPUs: with a thread each, one may execute what another is rewriting, which real machines order
        // (text_poke with its int3) and the emulator does not: the kernel died of a breakpoint nobody had set.
        ["-machine", "pc", "-accel", "tcg,thread=single", "-cpu", "max"],
        // The emulated timers are coarse when the host is busy; without these the kernel spends its time measuring
        // them, or distrusts them half-way. The self-tests of the crypto code are of no interest here. The serial port is an ISA one, whose
        // driver is built into distribution kernels.
        "console=ttyS0 tsc=reliable no_timer_check cryptomgr.notests random.trust_cpu=on",
        "RIP: 0010:");
}
