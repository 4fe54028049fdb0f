namespace LivePatch.Kernel.Targets;

/// <summary>The compiler as commands and make get to see it, and what tells whether an object came from it.</summary>
/// <param name="Command">What stands in front of a compile's flags: "ccache gcc-12".</param>
/// <param name="Program">The compiler without wrappers: "gcc-12".</param>
/// <param name="Identity">The real compiler's name, for keys of kept results; wrappers are not in it.</param>
/// <param name="VersionText">First line of its --version.</param>
/// <param name="MakeVariables">What make is told beside CC: "LLVM=1", "LD=ld.lld".</param>
public sealed record Toolchain(string Command, string Program, string Identity, string VersionText, IReadOnlyList<string> MakeVariables)
{
    /// <summary>The toolchain of a target.</summary>
    public static Toolchain Of(TargetKernel target) =>
        new(target.CompilerCommand.Text, target.Compiler, target.CompilerIdentity, target.CompilerText, target.MakeVariables);

    /// <summary>Arguments for make.</summary>
    public IReadOnlyList<string> MakeArguments => [$"CC={Command}", .. MakeVariables];

    /// <summary>
    /// Environment of everything that may start a compiler. LLVM would choose tools behind our back; where it was asked
    /// for it is among the arguments. ccache keeps a result apart for every directory it was compiled in because of the debug
    /// information, which nothing here reads; our patched trees each have a directory of their own.
    /// </summary>
    public static IReadOnlyDictionary<string, string?> Environment { get; } =
        new Dictionary<string, string?> { ["LC_ALL"] = "C", ["LLVM"] = null, ["CCACHE_NOHASHDIR"] = "1" };
}
