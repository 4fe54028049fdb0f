namespace LivePatch.Elf.Text;

/// <summary>What <see cref="ElfDump"/> writes.</summary>
[Flags]
public enum ElfDumpParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>One line per section: name, type, flags, size, alignment, what it links to.</summary>
    Sections = 1,

    /// <summary>One line per symbol.</summary>
    Symbols = 2,

    /// <summary>One line per relocation, under the section it applies to.</summary>
    Relocations = 4,

    /// <summary>The bytes of allocated sections, 16 per line.</summary>
    Content = 8,

    /// <summary>All but the bytes.</summary>
    Tables = Sections | Symbols | Relocations,
}
