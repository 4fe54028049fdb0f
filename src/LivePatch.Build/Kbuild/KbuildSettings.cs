using LivePatch.Build.Trees;

namespace LivePatch.Build.Kbuild;

/// <summary>Where and how Kbuild is asked. Everything a result depends on but the trees themselves, which do not change.</summary>
/// <param name="BuildDirectory">The kernel's build directory (objtree), prepared; absolute. Commands run in it.</param>
/// <param name="SourceDirectory">The kernel's source (srctree); the same unless the build directory is one of "make O=".</param>
/// <param name="CacheDirectory">A directory for results, ours alone.</param>
/// <param name="Variables">Variables for make's command line: "ARCH=x86", "CC=gcc-12", "M=/path" for an external module.</param>
public sealed record KbuildSettings(string BuildDirectory, string SourceDirectory, string CacheDirectory, IReadOnlyList<string> Variables)
{
    /// <summary>Functions and variables get sections of their own. Kbuild adds KCFLAGS last to its own flags.</summary>
    internal static readonly string[] SectionFlags = ["-ffunction-sections", "-fdata-sections"];

    /// <summary>Those of a work tree, for commands that give functions and variables sections of their own.</summary>
    public static KbuildSettings For(WorkTree tree) => new(
        tree.Root,
        tree.Root,
        Path.Combine(tree.Directory, "database-1"),
        [$"ARCH={tree.Inputs.ArchitectureName}", $"CC={tree.Inputs.Toolchain.Program}", .. tree.Inputs.Toolchain.MakeVariables, $"KCFLAGS={string.Join(' ', SectionFlags)}"]);
}
