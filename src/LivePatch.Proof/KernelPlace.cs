using System.Globalization;

namespace LivePatch.Proof;

/// <summary>A place in the target.</summary>
/// <param name="Section">Section of a module's file; null for the kernel image.</param>
/// <param name="Address">Link address, or offset in the section.</param>
internal readonly record struct KernelPlace(string? Section, ulong Address)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(Section is null ? string.Empty : Section + "+")}0x{Address:x}");
}
