namespace LivePatch.Module.Extract;

/// <summary>A constant that is written into code when it is known.</summary>
/// <param name="Section">The section with the places: 32-bit offsets from each entry.</param>
/// <param name="Variable">Where the running kernel has the value.</param>
/// <param name="Width">Its bytes.</param>
public sealed record RuntimeConstant(string Section, SymbolResolution.Klp Variable, int Width);
