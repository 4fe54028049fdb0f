namespace LivePatch.Kbuild.Headers;

/// <summary>An object of the configured kernel.</summary>
/// <param name="Path">The object: "drivers/input/input.o".</param>
/// <param name="Source">The file it is compiled from.</param>
/// <param name="Command">The shell command that compiles it, run in the tree's root.</param>
public sealed record HeaderObject(string Path, string Source, string Command);
