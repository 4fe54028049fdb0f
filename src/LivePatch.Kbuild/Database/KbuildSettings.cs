using LivePatch.Kbuild.Trees;

namespace LivePatch.Kbuild.Database;

/// <summary>Where and how Kbuild is asked. Everything a result depends on but the trees themselves, which do not change.</summary>
/// <param name="BuildDirectory">The kernel's build directory (objtree), prepared; absolute. Commands run in it.</param>
/// <param name="SourceDirectory">The kernel's source (srctree); the same unless the build directory is one of "make O=".</param>
/// <param name="CacheDirectory">A directory for results, ours alone.</param>
/// <param name="Variables">Variables for make's command line: "ARCH=A", "CC=gcc-12", "M=/path" for an external module.</param>
public sealed record KbuildSettings(string BuildDirectory, string SourceDirectory, string CacheDirectory, IReadOnlyList<string> Variables)
{
    /// <summary>Functions and variables get sections of their own. Kbuild adds KCFLAGS last to its own flags.</summary>
    public static IReadOnlyList<string> SectionFlags { get; } = ["-ffunction-sections", "-fdata-sections"];

    /// <summary>What is kept is sealed with this name, so that another kernel's results in the place of this one's are seen.</summary>
    public string Subject { get; init; } = string.Empty;

    /// <summary>Called before makefiles are read: checks the tree.</summary>
    public Func<CancellationToken, Task> BeforeReading { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Those of a work tree, for commands that give functions and variables sections of their own.</summary>
    public static KbuildSettings For(WorkTree tree) => new(
        tree.Root,
        tree.Root,
        Path.Combine(tree.Directory, "database-2"),
        [
            $"ARCH={tree.Inputs.ArchitectureName}", $"CC={tree.Inputs.Toolchain.Program}", .. tree.Inputs.Toolchain.MakeVariables,
            $"KCFLAGS={string.Join(' ', SectionFlags)}"])
    {
        Subject = tree.Name,
        BeforeReading = tree.CheckAllAsync,
    };
}
