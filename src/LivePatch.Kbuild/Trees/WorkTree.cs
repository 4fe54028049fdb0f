using LivePatch.Kernel.Targets;

namespace LivePatch.Kbuild.Trees;

/// <summary>A prepared work tree of the unpatched kernel, ours alone.</summary>
/// <param name="Inputs">What it was made from.</param>
/// <param name="Directory">The kernel's directory in the cache.</param>
public sealed record WorkTree(WorkTreeInputs Inputs, string Directory)
{
    /// <summary>A name that says what the tree was made from: "6.1.0-56-9b429b6be52d". What is kept beside the tree is sealed with
    /// it.</summary>
    public string Name => Path.GetFileName(Directory);

    /// <summary>Sees to it that the tree stays what it was made as; null for a tree that is made anew in each run.</summary>
    public TreeGuard? Guard { get; init; }

    /// <summary>The source tree.</summary>
    public string Root => Path.Combine(Directory, "tree");

    /// <summary>Original objects and their commands, by path.</summary>
    public string Objects => Path.Combine(Directory, "objects");

    /// <summary>
    /// Environment of a recorded command that is run without make. The kernel's Makefile exports more than the command names: a
    /// distribution's objtool is a wrapper that finds the real one by SRCARCH.
    /// </summary>
    public IReadOnlyDictionary<string, string?> ReplayEnvironment =>
        new Dictionary<string, string?>(
            Toolchain.Environment)
        { ["ARCH"] = Inputs.ArchitectureName, ["SRCARCH"] = Inputs.ArchitectureName };

    /// <summary>True when the unpatched source has a file.</summary>
    public bool HasFile(string path) => Guard?.Has(path) == true || File.Exists(Path.Combine(Root, path));

    /// <summary>Puts right what is damaged of some files; true when nothing was.</summary>
    public Task<bool> CheckAsync(IEnumerable<string> paths, CancellationToken cancellationToken) =>
        Guard is { } guard ? guard.CheckAsync(paths, cancellationToken) : Task.FromResult(true);

    /// <summary>Puts right what is damaged of some files and of what lies beside them, before a tree of links is made.</summary>
    public Task CheckAroundAsync(IEnumerable<string> paths, CancellationToken cancellationToken) =>
        Guard is { } guard ? guard.CheckAroundAsync(paths, cancellationToken) : Task.CompletedTask;

    /// <summary>Puts right what is damaged of the whole tree; true when nothing was.</summary>
    public Task<bool> CheckAllAsync(CancellationToken cancellationToken) =>
        Guard is { } guard ? guard.CheckAllAsync(cancellationToken) : Task.FromResult(true);
}
