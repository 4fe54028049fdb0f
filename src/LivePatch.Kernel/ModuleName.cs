using System.Diagnostics.CodeAnalysis;

namespace LivePatch.Kernel;

/// <summary>
/// Names of modules as the kernel knows them at run time: the file's name without <c>.ko</c> and compression suffix,
/// with <c>-</c> written as <c>_</c> (scripts/Makefile.lib, name-fix).
/// </summary>
public static class ModuleName
{
    /// <summary>
    /// Longest name the livepatch core can refer to, in characters: MODULE_NAME_LEN is 56 with the terminator, and
    /// <c>.klp.sym.</c> and <c>.klp.rela.</c> names are parsed with <c>%55[^.]</c> (kernel/livepatch/core.c, Linux 6.1).
    /// </summary>
    public const int MaximumLength = 55;

    /// <summary>The name the livepatch core gives to the kernel itself.</summary>
    public const string Vmlinux = "vmlinux";

    private static readonly string[] Compressions = [".xz", ".zst", ".gz"];

    /// <summary>The run-time name of a module file or object path: <c>.../kvm-intel.ko.xz</c> and
    /// <c>virt/kvm/kvm-intel</c> are both <c>kvm_intel</c>.</summary>
    public static string FromPath(string path)
    {
        var name = Path.GetFileName(path);
        foreach (var suffix in Compressions)
        {
            if (name.EndsWith(".ko" + suffix, StringComparison.Ordinal))
            {
                name = name[..^suffix.Length];
            }
        }

        foreach (var suffix in new[] { ".ko", ".o" })
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal))
            {
                name = name[..^suffix.Length];
                break;
            }
        }

        return name.Replace('-', '_');
    }

    /// <summary>Whether the livepatch core can refer to an object of that name.</summary>
    /// <param name="name">A run-time name.</param>
    /// <param name="problem">Why not, as a clause; null when it can.</param>
    public static bool IsUsable(string name, [NotNullWhen(false)] out string? problem)
    {
        problem = name switch
        {
            "" => "the name is empty",
            { Length: > MaximumLength } => $"the name has {name.Length} characters and the kernel reads {MaximumLength}",
            _ when name.Contains('.', StringComparison.Ordinal) =>
                "the name has a dot, which ends the object's name in .klp.sym and .klp.rela",
            _ when name.AsSpan().IndexOfAny(' ', ',', '/') >= 0 => "the name has a character that no module name has",
            _ => null,
        };
        return problem is null;
    }
}
