using LivePatch.Kernel;

namespace LivePatch.Kbuild.Database;

/// <summary>
/// The command Kbuild recorded for an object in its .cmd file (scripts/Kbuild.include; "cmd_" up to 6.2, "savedcmd_" since).
/// It is a shell command to be run in the tree's root: the compiler, and where the kernel wants it objtool.
/// </summary>
/// <param name="ObjectPath">The object, relative to the tree: "fs/proc/meminfo.o".</param>
/// <param name="Text">The command.</param>
public sealed record CompileCommand(string ObjectPath, string Text)
{
    /// <summary>True when the object is compiled for a module.</summary>
    public bool IsModule => Text.Contains(" -DMODULE ", StringComparison.Ordinal);

    /// <summary>True when the object it makes has the path that the makefile uses, which may have "..": another directory's makefile
    /// compiles the same source by another path (virt/kvm/kvm_main.o as arch/A/kvm/../../../virt/kvm/kvm_main.o), and
    /// differently.</summary>
    public bool MakesObject => Text.Contains($" -o {ObjectPath} ", StringComparison.Ordinal);

    /// <summary>KBUILD_MODFILE: path of the module, or of the directory for built-in code, without extension.</summary>
    public string? ModuleFile => Define("KBUILD_MODFILE");

    /// <summary>KBUILD_MODNAME: the module's name as the kernel shows it; the object's own name for built-in code.</summary>
    public string? ModuleName => Define("KBUILD_MODNAME");

    /// <summary>
    /// The owners that the command tells. Kbuild joins the modules of an object with colons: "drivers/x/a:b"
    /// (scripts/Makefile.lib, modname and modfile; Linux 6.1). It does not tell of code that is built in and part of a module too.
    /// </summary>
    public IReadOnlyList<ObjectOwner> Owners
    {
        get
        {
            if (!IsModule || (ModuleFile ?? ModuleName) is not { } file)
            {
                return [ObjectOwner.Vmlinux];
            }

            var directory = Path.GetDirectoryName(file) ?? string.Empty;
            return [.. file[(directory.Length == 0 ? 0 : directory.Length + 1)..].Split(':').Select(name => ModuleFile is null
                ? new ObjectOwner(Kernel.ModuleName.FromPath(name + ".ko"), null)
                : ObjectOwner.Module(Path.Combine(directory, name) + ".ko"))];
        }
    }

    /// <summary>The directory's .cmd file name of an object: "fs/proc/.meminfo.o.cmd".</summary>
    public static string FileFor(string objectPath) =>
        Path.Combine(Path.GetDirectoryName(objectPath) ?? string.Empty, $".{Path.GetFileName(objectPath)}.cmd");

    /// <summary>Reads a .cmd file's text; null when it holds no command for the object.</summary>
    public static CompileCommand? TryParse(string objectPath, string content)
    {
        foreach (var line in content.Split('\n'))
        {
            foreach (var prefix in (string[])["savedcmd_", "cmd_"])
            {
                var start = $"{prefix}{objectPath} := ";
                if (line.StartsWith(start, StringComparison.Ordinal))
                {
                    // make's own escapes: a dollar is doubled, a number sign goes through a variable.
                    return new CompileCommand(
                        objectPath,
                        line[start.Length..]
                            .Replace("$$", "$", StringComparison.Ordinal)
                            .Replace("$(pound)", "#", StringComparison.Ordinal)
                            .Trim());
                }
            }
        }

        return null;
    }

    /// <summary>The same command with the object written elsewhere.</summary>
    public CompileCommand WithOutput(string output)
    {
        var dependencies = Path.Combine(Path.GetDirectoryName(ObjectPath) ?? string.Empty, $".{Path.GetFileName(ObjectPath)}.d");
        return this with
        {
            Text =
                Text.Replace(dependencies, output + ".d", StringComparison.Ordinal)
                    .Replace(" " + ObjectPath, " " + output, StringComparison.Ordinal),
        };
    }

    /// <summary>The same command with the compiler called otherwise: what stands in front of the first flag is replaced.
    /// Recorded commands name the compiler without the wrappers they ran with, so that they serve with others too.</summary>
    public CompileCommand WithCompiler(string compiler)
    {
        var flags = Text.IndexOf(" -", StringComparison.Ordinal);
        return flags < 0 ? this : this with { Text = compiler + Text[flags..] };
    }

    /// <summary>
    /// The same command without objtool, where the kernel runs objtool on whole modules and not on their objects (--link;
    /// scripts/Makefile.lib, "delay-objtool", 5.19 and later: with IBT or LTO). Kbuild makes an exception of a module made of one object.
    /// The livepatch is no such module: it gets objtool as a whole, and objtool leaves all code of a file alone when part of it has been
    /// through objtool.
    /// </summary>
    public CompileCommand WithoutLinkTimeObjtool()
    {
        var program = Text.IndexOf("tools/objtool/objtool ", StringComparison.Ordinal);
        var start = program < 0 ? -1 : Text.LastIndexOf(';', program);
        return start >= 0 && Text.IndexOf(" --link ", program, StringComparison.Ordinal) > 0
            ? this with { Text = Text[..start].TrimEnd() }
            : this;
    }

    /// <summary>The same command without some flags.</summary>
    public CompileCommand Without(params IReadOnlyList<string> flags) =>
        this with { Text = flags.Aggregate(Text, static (text, flag) => text.Replace(" " + flag + " ", " ", StringComparison.Ordinal)) };

    private string? Define(string name)
    {
        var start = Text.IndexOf($"-D{name}=", StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        start += name.Length + 3;
        var end = Text.IndexOf(' ', start);
        return (end < 0 ? Text[start..] : Text[start..end]).Trim('\'', '"');
    }
}
