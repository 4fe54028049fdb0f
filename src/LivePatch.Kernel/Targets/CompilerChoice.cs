using LivePatch.Kernel.Configuration;

namespace LivePatch.Kernel.Targets;

/// <summary>
/// Which compiler to try for a kernel, and what else make has to be told with it.
///
/// What the user says comes first, in the order make itself would follow: a compiler by name (--cc, CC), then LLVM=1 and its
/// forms LLVM=-19 and LLVM=/path/ (Documentation/kbuild/llvm.rst, Linux 6.1). Otherwise it is the kernel's own: what its build
/// directory asks for, else the name its configuration records. A clang is recorded without the name it was called by;
/// the version tells which of clang and clang-N it was.
/// </summary>
internal sealed class CompilerChoice(TargetKernelOptions options, string? buildDirectorys, KernelConfig? config)
{
    private readonly string _recorded = config?.Value("CC_VERSION_TEXT") ?? string.Empty;

    /// <summary>True when the kernel was built by clang.</summary>
    private bool IsClang => config?.IsBuiltIn("CC_IS_CLANG") ?? _recorded.Contains("clang", StringComparison.Ordinal);

    /// <summary>Names the kernel's own compiler may have, the likeliest first; never empty.</summary>
    public IReadOnlyList<string> Usual => field ??= FindUsual();

    /// <summary>Commands to try, the likeliest first; never empty.</summary>
    public IReadOnlyList<CompilerCommand> Candidates()
    {
        IReadOnlyList<string> programs = options.Llvm is { Length: > 0 } llvm ? [LlvmTool("clang", llvm)] : Usual;
        if (options.Compiler is { } named && CompilerCommand.TryParse(named, programs[0]) is { } asked)
        {
            // Wrappers alone go in front of whichever of them it is.
            return asked.Program == programs[0] ? [.. programs.Select(asked.With)] : [asked];
        }

        return [.. programs.Select(static program => new CompilerCommand(program))];
    }

    /// <summary>Variables for make beside CC: the linker, where the kernel wants another than ld.</summary>
    /// <param name="compiler">The compiler chosen.</param>
    public IReadOnlyList<string> MakeVariables(CompilerCommand compiler)
    {
        if (options.Llvm is { Length: > 0 } llvm)
        {
            return [$"LLVM={llvm}"];
        }

        if (config?.IsBuiltIn("LD_IS_LLD") != true)
        {
            return [];
        }

        // The linker of the same release beside the compiler: clang-14 and ld.lld-14.
        var clang = Path.GetFileName(compiler.Program);
        var suffix = clang.StartsWith("clang-", StringComparison.Ordinal) ? clang["clang".Length..] : string.Empty;
        return [$"LD={Path.Combine(Path.GetDirectoryName(compiler.Program) ?? string.Empty, "ld.lld" + suffix)}"];
    }

    private List<string> FindUsual()
    {
        if (buildDirectorys is not null)
        {
            return [buildDirectorys];
        }

        if (IsClang)
        {
            // CONFIG_CLANG_VERSION: 140006 is 14.0.6 (scripts/cc-version.sh).
            return config?.Value("CLANG_VERSION") is { Length: > 4 } version ? ["clang", $"clang-{version[..^4]}"] : ["clang"];
        }

        return [_recorded.Split(' ')[0] is { Length: > 0 } program && program.Contains("gcc", StringComparison.Ordinal) ? program : "gcc"];
    }

    private static string LlvmTool(string name, string llvm) =>
        llvm.EndsWith('/') ? llvm + name : llvm.StartsWith('-') ? name + llvm : name;
}
