namespace LivePatch.Elf.Dwarf;

/// <summary>Tags of the DWARF 5 standard (section 7.5), as far as C types need them.</summary>
internal static class DwarfConstants
{
    public const ushort TagArrayType = 0x01;
    public const ushort TagEnumerationType = 0x04;
    public const ushort TagMember = 0x0d;
    public const ushort TagPointerType = 0x0f;
    public const ushort TagStructureType = 0x13;
    public const ushort TagTypedef = 0x16;
    public const ushort TagUnionType = 0x17;
    public const ushort TagSubrangeType = 0x21;
    public const ushort TagEnumerator = 0x28;
    public const ushort TagSubprogram = 0x2e;

    public const uint AttributeName = 0x03;
    public const uint AttributeByteSize = 0x0b;
    public const uint AttributeBitOffset = 0x0c;
    public const uint AttributeBitSize = 0x0d;
    public const uint AttributeConstValue = 0x1c;
    public const uint AttributeUpperBound = 0x2f;
    public const uint AttributeCount = 0x37;
    public const uint AttributeDataMemberLocation = 0x38;
    public const uint AttributeDeclaration = 0x3c;
    public const uint AttributeType = 0x49;
    public const uint AttributeDataBitOffset = 0x6b;
    public const uint AttributeStrOffsetsBase = 0x72;
}
