using LivePatch.Core.Diagnostics;

namespace LivePatch.Patches;

/// <summary>
/// What a path of the kernel tree is, as far as its place and name tell. The layout is the same from 5.10 to 6.12.
/// Which object a C file ends up in, and whether it is built at all, is Kbuild's to tell and is not judged here.
/// </summary>
public static class PatchedPathKind
{
    private static readonly string[] NotKernelDirectories = ["Documentation/", "LICENSES/", "samples/", "scripts/", "tools/"];

    /// <summary>What kernel/bpf/Makefile compiles out of tools/ (since Linux 5.17).</summary>
    private static readonly string[] KernelCodeOfTools = ["tools/lib/bpf/relo_core.c", "tools/lib/bpf/relo_core.h"];

    /// <summary>False for documentation, tools and the like, which are not part of the kernel that runs.</summary>
    public static bool IsKernelCode(string path)
    {
        var name = Path.GetFileName(path);
        if (path.StartsWith("scripts/", StringComparison.Ordinal) && (IsBuildFileName(name) || DecidesCode(path)))
        {
            return true;
        }

        if (KernelCodeOfTools.Contains(path))
        {
            return true;
        }

        // Ready-made configurations are not the target's, which has its own.
        if (path.StartsWith("arch/", StringComparison.Ordinal) && path.Contains("/configs/", StringComparison.Ordinal))
        {
            return false;
        }

        // The map of instructions (arch/*/lib) is a table in text form, from which its Makefile generates code.
        var isText = Path.GetExtension(path) is ".rst" or ".txt" && !name.EndsWith("-opcode-map.txt", StringComparison.Ordinal);
        return !isText
            && !Array.Exists(NotKernelDirectories, directory => path.StartsWith(directory, StringComparison.Ordinal))
            && name is not ("MAINTAINERS" or "CREDITS" or "COPYING" or "README" or ".gitignore" or ".gitattributes" or ".mailmap"
                or ".clang-format" or ".cocciconfig" or ".editorconfig" or ".get_maintainer.ignore");
    }

    /// <summary>
    /// True for a path of characters that mean themselves to make, to a shell, to a list of dependencies and to a terminal, none of whose
    /// parts can be taken for an option. All sources and headers of the kernel have such names.
    /// </summary>
    public static bool IsSafe(string path) =>
        path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '+' or ',' or '/')
        && path.Split('/').All(static part => part.Length is > 0 and <= 255 && part[0] != '-');

    /// <summary>Why the file cannot be livepatched; null when it is a C source or header like any other.</summary>
    public static (DiagnosticDescriptor Descriptor, string Why)? Refusal(string path)
    {
        var parts = path.Split('/');
        var name = parts[^1];
        var directories = parts[..^1];
        var extension = Path.GetExtension(name);
        if (extension is ".dts" or ".dtsi" or ".dtso")
        {
            return (PatchDiagnostics.OtherFile, "is a device tree, which the boot loader hands over");
        }

        if (path.StartsWith("scripts/", StringComparison.Ordinal))
        {
            return (PatchDiagnostics.BuildFiles, "decides how the kernel is compiled or linked");
        }

        if (Array.Exists(directories, static part => part is "vdso" or "vdso32" or "vdso64"))
        {
            return (PatchDiagnostics.BootOrVdso, "is code of the vdso, which runs in user space");
        }

        if (parts is ["arch", _, "boot", _, ..] || Array.Exists(directories, static part => part is "realmode" or "purgatory")
            || path.StartsWith("drivers/firmware/efi/libstub/", StringComparison.Ordinal))
        {
            return (PatchDiagnostics.BootOrVdso, "is boot code, which has already run or runs without the kernel");
        }

        return parts[0] is "usr" or "certs" && parts.Length > 1
            ? (
                PatchDiagnostics.OtherFile,
                parts[0] == "usr" ? "belongs to the initial file system" : "belongs to the kernel's built-in keys")
            : OtherKind(name, extension);
    }

    private static (DiagnosticDescriptor Descriptor, string Why)? OtherKind(string name, string extension) => extension switch
    {
        ".c" or ".h" => null,
        ".lds" => (PatchDiagnostics.OtherFile, "is a linker script; the running kernel is already linked"),
        ".S" when name.EndsWith(".lds.S", StringComparison.Ordinal) =>
            (PatchDiagnostics.OtherFile, "is a linker script; the running kernel is already linked"),
        ".S" or ".s" => (PatchDiagnostics.Assembly, "is assembly"),
        ".rs" => (PatchDiagnostics.OtherFile, "is Rust"),
        ".c_shipped" or ".h_shipped" or ".S_shipped" or ".asn1" or ".tbl" or ".map" or ".pl" or ".py" or ".awk" or ".sh" or ".y" or ".l" or ".uni" or ".uc" or ".txt" =>
            (PatchDiagnostics.OtherFile, "is something other files are generated from"),
        _ => (PatchDiagnostics.OtherFile, "is neither a C source nor a header"),
    };

    /// <summary>True for a file that the build may generate others from, or run for it: whether it does is its makefile's to
    /// tell.</summary>
    public static bool MayBeInput(string path) =>
        !IsBuildFile(path) && OtherKind(Path.GetFileName(path), Path.GetExtension(path)) is { Descriptor: var descriptor }
            && descriptor == PatchDiagnostics.OtherFile
        && Path.GetExtension(path) is not (".lds" or ".rs") && !path.EndsWith(".lds.S", StringComparison.Ordinal)
        && Refusal(path) == OtherKind(Path.GetFileName(path), Path.GetExtension(path));

    /// <summary>True for makefiles and Kconfig files.</summary>
    public static bool IsBuildFile(string path) => IsBuildFileName(Path.GetFileName(path)) && IsKernelCode(path);

    private static bool IsBuildFileName(string name) =>
        name is "Makefile" or "Kbuild" or "Kconfig" or "Kbuild.include" or "Platform"
        || name.StartsWith("Makefile.", StringComparison.Ordinal)
        || name.StartsWith("Makefile_", StringComparison.Ordinal)
        || name.StartsWith("Kconfig.", StringComparison.Ordinal)
        || name.StartsWith("Kbuild.", StringComparison.Ordinal);

    private static bool DecidesCode(string path) =>
        path.StartsWith("scripts/gcc-plugins/", StringComparison.Ordinal) || path.EndsWith(".lds.S", StringComparison.Ordinal);
}
