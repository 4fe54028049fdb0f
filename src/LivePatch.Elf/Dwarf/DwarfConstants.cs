namespace LivePatch.Elf.Dwarf;

/// <summary>Tags of the DWARF 5 standard (section 7.5), as far as C types, variables and functions need them.</summary>
internal static class DwarfConstants
{
    public const ushort TagArrayType = 0x01;
    public const ushort TagEnumerationType = 0x04;
    public const ushort TagFormalParameter = 0x05;
    public const ushort TagLabel = 0x0a;
    public const ushort TagLexicalBlock = 0x0b;
    public const ushort TagMember = 0x0d;
    public const ushort TagPointerType = 0x0f;
    public const ushort TagStructureType = 0x13;
    public const ushort TagSubroutineType = 0x15;
    public const ushort TagTypedef = 0x16;
    public const ushort TagUnionType = 0x17;
    public const ushort TagUnspecifiedParameters = 0x18;
    public const ushort TagInlinedSubroutine = 0x1d;
    public const ushort TagSubrangeType = 0x21;
    public const ushort TagBaseType = 0x24;
    public const ushort TagConstType = 0x26;
    public const ushort TagEnumerator = 0x28;
    public const ushort TagSubprogram = 0x2e;
    public const ushort TagVariable = 0x34;
    public const ushort TagVolatileType = 0x35;
    public const ushort TagCallSite = 0x48;
    public const ushort TagCallSiteParameter = 0x49;

    // What they were before DWARF 5.
    public const ushort TagGnuCallSite = 0x4109;
    public const ushort TagGnuCallSiteParameter = 0x410a;

    public const uint AttributeLocation = 0x02;
    public const uint AttributeName = 0x03;
    public const uint AttributeByteSize = 0x0b;
    public const uint AttributeBitOffset = 0x0c;
    public const uint AttributeBitSize = 0x0d;
    public const uint AttributeLowPc = 0x11;
    public const uint AttributeHighPc = 0x12;
    public const uint AttributeConstValue = 0x1c;
    public const uint AttributeUpperBound = 0x2f;
    public const uint AttributeAbstractOrigin = 0x31;
    public const uint AttributeCount = 0x37;
    public const uint AttributeDataMemberLocation = 0x38;
    public const uint AttributeDeclarationFile = 0x3a;
    public const uint AttributeDeclarationLine = 0x3b;
    public const uint AttributeDeclaration = 0x3c;
    public const uint AttributeNoReturn = 0x87;
    public const uint AttributeEncoding = 0x3e;
    public const uint AttributeSpecification = 0x47;
    public const uint AttributeType = 0x49;
    public const uint AttributeRanges = 0x55;
    public const uint AttributeCallLine = 0x59;
    public const uint AttributeDataBitOffset = 0x6b;
    public const uint AttributeStrOffsetsBase = 0x72;
    public const uint AttributeAddressBase = 0x73;
    public const uint AttributeRangeListsBase = 0x74;
}
