namespace LivePatch.Kernel.Architecture;

/// <summary>What one relocation type writes.</summary>
/// <param name="Type">The number in the low half of r_info.</param>
/// <param name="Name">The psABI's name, e.g. <c>R_X86_64_PC32</c>.</param>
/// <param name="Width">Bytes written; 0 for the type that writes nothing.</param>
/// <param name="IsPcRelative">True when the place's own address is subtracted.</param>
/// <param name="IsSigned">True when the field is sign-extended by whoever reads it.</param>
public sealed record RelocationInfo(uint Type, string Name, int Width, bool IsPcRelative, bool IsSigned);
