using System.Text;

namespace LivePatch.Kernel.Targets;

/// <summary>
/// The names under /sys/module that a kernel has or may get: its modules, and what is built in and has parameters. A module of such a name
/// cannot be loaded beside its namesake, and modprobe would take one for the other. Read from the lists that are installed with the
/// modules (modules.dep, modules.order, modules.builtin, modules.builtin.modinfo; kmod and scripts/Makefile.modinst); what is missing is
/// not asked for.
/// </summary>
public static class KernelModuleNames
{
    /// <summary>The names, with '_' for '-', as the kernel compares them.</summary>
    /// <param name="directory">/lib/modules/RELEASE, or the tree the kernel was built in.</param>
    public static IReadOnlySet<string> Read(string directory)
    {
        var result = new HashSet<string>(StringComparer.Ordinal);
        foreach (var list in (string[])["modules.dep", "modules.order", "modules.builtin"])
        {
            foreach (var line in Text(directory, list).Split('\n'))
            {
                var path = line.Split(':')[0];
                var name = path[(path.LastIndexOf('/') + 1)..].Split('.')[0];
                if (name.Length > 0)
                {
                    result.Add(Normal(name));
                }
            }
        }

        foreach (var entry in Text(directory, "modules.builtin.modinfo").Split('\0'))
        {
            if (entry.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot)
            {
                result.Add(Normal(entry[..dot]));
            }
        }

        return result;
    }

    /// <summary>The form in which names are compared.</summary>
    public static string Normal(string name) => name.Replace('-', '_');

    private static string Text(string directory, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, file), Encoding.Latin1);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
