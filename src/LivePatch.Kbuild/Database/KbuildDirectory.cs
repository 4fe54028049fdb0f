namespace LivePatch.Kbuild.Database;

/// <summary>What the makefile of one directory builds in this configuration.</summary>
/// <param name="Name">The directory: "fs/xfs"; "." for the top.</param>
/// <param name="Objects">Its objects, in no particular order.</param>
/// <param name="Subdirectories">The directories entered from it, by path from the top.</param>
/// <param name="ConfiguredOut">What the makefile lists for an option that is not set: objects, and directories with a
/// slash at the end.</param>
public sealed record KbuildDirectory(
    string Name, IReadOnlyList<KbuildObject> Objects, IReadOnlyList<string> Subdirectories, IReadOnlyList<string> ConfiguredOut);
