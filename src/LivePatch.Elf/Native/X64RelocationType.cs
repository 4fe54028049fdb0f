namespace LivePatch.Elf.Native;

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

    /// <summary>The psABI's name without its prefix (<c>PC32</c>); the number where this tool knows no name.</summary>
    public static string NameOf(uint type) => type switch
    {
        None => "NONE",
        Abs64 => "64",
        Pc32 => "PC32",
        Plt32 => "PLT32",
        GotPcRel => "GOTPCREL",
        Abs32 => "32",
        Abs32S => "32S",
        Pc64 => "PC64",
        GotPcRelX => "GOTPCRELX",
        RexGotPcRelX => "REX_GOTPCRELX",
        _ => type.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
