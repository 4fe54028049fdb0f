namespace LivePatch.Kernel.Architecture.X64;

/// <summary>R_X86_64_* numbers (psABI, table 4.9).</summary>
public static class X64RelocationType
{
#pragma warning disable CS1591 // The names are the psABI's own.
    public const uint None = 0;
    public const uint Abs64 = 1;
    public const uint Pc32 = 2;
    public const uint Plt32 = 4;
    public const uint GotPcRel = 9;
    public const uint Abs32 = 10;
    public const uint Abs32S = 11;
    public const uint Pc64 = 24;
    public const uint GotPcRelX = 41;
    public const uint RexGotPcRelX = 42;
#pragma warning restore CS1591
}
