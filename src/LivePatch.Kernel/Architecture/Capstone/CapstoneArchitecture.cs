namespace LivePatch.Kernel.Architecture.Capstone;

/// <summary>cs_arch.</summary>
internal enum CapstoneArchitecture
{
    X86 = 3,
}
