namespace LivePatch.Kernel.Architecture.Capstone;

/// <summary>cs_mode.</summary>
[Flags]
internal enum CapstoneMode
{
    LittleEndian = 0,
    Bits64 = 1 << 3,
}
