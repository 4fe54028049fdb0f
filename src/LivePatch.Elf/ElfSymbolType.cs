namespace LivePatch.Elf;

/// <summary>STT_*: what a symbol names.</summary>
public enum ElfSymbolType : byte
{
    /// <summary>STT_NOTYPE: a label, or an undefined symbol.</summary>
    None = 0,

    /// <summary>STT_OBJECT: data.</summary>
    Object = 1,

    /// <summary>STT_FUNC: code.</summary>
    Function = 2,

    /// <summary>STT_SECTION: the section itself.</summary>
    Section = 3,

    /// <summary>STT_FILE: the source file the following local symbols come from.</summary>
    File = 4,

    /// <summary>STT_COMMON.</summary>
    Common = 5,

    /// <summary>STT_TLS.</summary>
    ThreadLocal = 6,
}
