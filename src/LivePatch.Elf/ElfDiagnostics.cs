using LivePatch.Core.Diagnostics;

namespace LivePatch.Elf;

/// <summary>Diagnostics of the ELF layer, LP01xx.</summary>
public static class ElfDiagnostics
{
    private const string Rebuild =
        "Check that the file is complete: it may have been cut short by a full disk or an interrupted build. Build it again.";

    /// <summary>The file does not start with an ELF64 header.</summary>
    public static readonly DiagnosticDescriptor NotElf = new(
        "LP0101", DiagnosticKind.Error, "Not an ELF64 file",
        "Give an object (.o), a module (.ko) or a vmlinux; a compressed module must be unpacked first.");

    /// <summary>A header points outside the file.</summary>
    public static readonly DiagnosticDescriptor OutOfBounds = new(
        "LP0102", DiagnosticKind.Error, "An ELF header points outside the file", Rebuild);

    /// <summary>A table's entry size or size is not what the format demands.</summary>
    public static readonly DiagnosticDescriptor BadTable = new(
        "LP0103", DiagnosticKind.Error, "An ELF table is malformed", Rebuild);

    /// <summary>An index (section, symbol, string) does not exist.</summary>
    public static readonly DiagnosticDescriptor BadIndex = new(
        "LP0104", DiagnosticKind.Error, "An ELF index refers to nothing", Rebuild);

    /// <summary>An ELF feature this layer does not read.</summary>
    public static readonly DiagnosticDescriptor Unsupported = new(
        "LP0105", DiagnosticKind.Error, "An unsupported ELF feature",
        "Build the object with the kernel's own flags: no compressed sections and no REL relocations.");

    /// <summary>A relocatable object would be written that breaks the format.</summary>
    public static readonly DiagnosticDescriptor CannotWrite = new(
        "LP0106", DiagnosticKind.Error, "An object cannot be written as ELF",
        "This is a defect of klp-build: please report it with the build log.");
}
