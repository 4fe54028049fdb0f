using LivePatch.Kbuild.Database;
using LivePatch.Kernel;

namespace LivePatch.Kbuild.Compile;

/// <summary>An object file on disk and how it was made.</summary>
/// <param name="Path">Path relative to the tree: "fs/proc/meminfo.o".</param>
/// <param name="File">Where the object is.</param>
/// <param name="Command">The command that makes it.</param>
public sealed record CompiledObject(string Path, string File, CompileCommand Command)
{
    /// <summary>What it is linked into, at least one. Told by the command where nothing better is known.</summary>
    public IReadOnlyList<ObjectOwner> Owners { get => field ?? Command.Owners; init; }

    /// <summary>What the compiler warned of, a line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
