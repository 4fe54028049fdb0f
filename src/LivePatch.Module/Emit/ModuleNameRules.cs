using LivePatch.Kernel;

namespace LivePatch.Module.Emit;

/// <summary>Names of livepatch modules.</summary>
public static class ModuleNameRules
{
    /// <summary>MODULE_NAME_LEN is 64 - sizeof(unsigned long) (include/linux/module.h, Linux 6.1), terminator included.</summary>
    public const int MaximumLength = 55;

    /// <summary>livepatch-NAME after the patch's file name, with what a module's name cannot have replaced; "livepatch-patch" for
    /// several.</summary>
    public static string FromPatches(IReadOnlyList<string> patches)
    {
        var stem = patches.Count == 1 ? Path.GetFileNameWithoutExtension(patches[0]) : "patch";
        if (stem.StartsWith("livepatch-", StringComparison.Ordinal))
        {
            stem = stem["livepatch-".Length..];
        }

        var name = "livepatch-" + string.Concat(stem.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-'));
        return name.Length <= MaximumLength ? name : name[..MaximumLength];
    }

    /// <summary>
    /// Names with a meaning: those of the kernel's own that no list of modules has, and those that make NAME-y a variable of Kbuild
    /// (Documentation/kbuild/makefiles.rst).
    /// </summary>
    private static readonly string[] Reserved =
    [
        "kernel", ModuleName.Vmlinux, "livepatch", "built-in", "module", "modules", "Module",
        "obj", "lib", "subdir", "always", "extra", "targets", "hostprogs", "userprogs", "ccflags", "asflags", "cppflags", "ldflags",
        "rustflags", "dtb", "dtbs",
        "subdir-ccflags", "subdir-asflags", "subdir-rustflags", "core", "drivers", "libs", "head", "net", "init", "virt", "machine",
        "platform",
        "generic", "generated", "mandatory", "header-test", "no-header-test", "modorder", "mod", "multi", "real-obj", "clean", "MAKEFLAGS",
    ];

    /// <summary>True for a name that Kbuild and the kernel take.</summary>
    public static bool IsValid(string name) => Objection(name) is null;

    /// <summary>Why a name cannot be used, to follow the name; null when it can.</summary>
    public static string? Objection(string name) =>
        name.Length is 0 or > MaximumLength ? $"has {name.Length} characters"
        : !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? "has a character that is neither letter nor digit nor '-' nor '_'"
        : !char.IsAsciiLetterOrDigit(name[0]) ? "does not begin with a letter or a digit"
        : Array.Exists(Reserved, item => IsSame(item, name)) ? "means something else to the kernel or its build"
        : null;

    /// <summary>True when the kernel takes two names for one: it makes no difference between '-' and '_'.</summary>
    public static bool IsSame(string name, string other) => name.Replace('-', '_') == other.Replace('-', '_');
}
