using System.CommandLine;

namespace LivePatch.Cli.Commands;

/// <summary>The compiler as the user names it: --cc, else CC and LLVM of the environment, as a kernel build takes them.</summary>
internal static class CompilerOption
{
    /// <summary>Makes the option.</summary>
    public static Option<string?> Create() => new("--cc")
    {
        Description =
            "The compiler, with what is put in front of it: \"ccache gcc-12\"; wrappers alone go in front of the kernel's own (default: "
                + "$CC)",
        HelpName = "COMMAND",
    };

    /// <summary>The command; null for the kernel's own compiler.</summary>
    public static string? Command(string? option) => option ?? Variable("CC");

    /// <summary>LLVM of the environment; null when it is not set.</summary>
    public static string? Llvm => Variable("LLVM");

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && value.Trim().Length > 0 ? value : null;
}
