namespace LivePatch.Kbuild.Database;

/// <summary>A file that the kernel's build makes from others by a command, as the kernel's makefiles describe it. Paths are relative to the
/// tree.</summary>
/// <param name="Path">The file: "security/selinux/flask.h", or a program: "scripts/selinux/genheaders/genheaders".</param>
/// <param name="Directory">The directory whose makefile makes it; "." for the top.</param>
/// <param name="Rule">Kbuild's name for the command: "flask", "host-csingle".</param>
/// <param name="Prerequisites">What the makefile says it is made from, programs and scripts among it.</param>
/// <param name="Command">The shell command, run in the tree's root.</param>
public sealed record GeneratedFile(string Path, string Directory, string Rule, IReadOnlyList<string> Prerequisites, string Command)
{
    /// <summary>True for a program that the build runs, and the objects it is made of.</summary>
    public bool IsHostProgram => Rule.StartsWith("host-", StringComparison.Ordinal);
}
