using LivePatch.Build.Kbuild;

namespace LivePatch.Build.Trees;

/// <summary>A prepared work tree of the unpatched kernel, ours alone.</summary>
/// <param name="Inputs">What it was made from.</param>
/// <param name="Directory">The kernel's directory in the cache.</param>
public sealed record WorkTree(WorkTreeInputs Inputs, string Directory)
{
    /// <summary>The source tree.</summary>
    public string Root => Path.Combine(Directory, "tree");

    /// <summary>Original objects and their commands, by path.</summary>
    public string Objects => Path.Combine(Directory, "objects");

    /// <summary>
    /// Environment of a recorded command that is run without make. The kernel's Makefile exports more than the command names: Debian's
    /// objtool is a wrapper that finds the real one by SRCARCH.
    /// </summary>
    public IReadOnlyDictionary<string, string?> ReplayEnvironment =>
        new Dictionary<string, string?>(Toolchain.Environment) { ["ARCH"] = Inputs.ArchitectureName, ["SRCARCH"] = Inputs.ArchitectureName };
}
