using System.Text.RegularExpressions;

namespace LivePatch.Kbuild.Makefiles;

/// <summary>
/// What a line of a makefile may be that a patch adds, changes or takes away: a list of objects, flags of the compiler that do no more than
/// choose code, a condition on the configuration. This is a list of what is allowed, because what make can be made to run cannot be
/// listed: functions, other assignments, rules, definitions, included files, special variables, and whatever a flag or a file name becomes
/// when a shell reads it. No variable is expanded but options of the configuration, and those only where they choose a list. Words are
/// matched whole and in ASCII.
/// </summary>
internal static partial class MakefileGrammar
{
    /// <summary>NAME-y and NAME-objs whose words are not objects of the kernel, however they look.</summary>
    private static readonly string[] OtherLists =
    [
        "always", "asflags", "ccflags", "clean", "cppflags", "dtb", "dtbs", "extra", "generated", "generic", "genhdr", "header-test",
        "hostprogs", "ldflags",
        "mandatory", "modorder", "no-header-test", "rustflags", "subdir-asflags", "subdir-ccflags", "subdir-rustflags", "targets",
        "userprogs",
    ];

    /// <summary>True for a line whose whole effect shows in the values of variables once make has read the file.</summary>
    /// <param name="line">A logical line in its one form (<see cref="MakefileText"/>).</param>
    public static bool IsPlain(string line)
    {
        if (IsCondition(line))
        {
            return true;
        }

        if (Assignment().Match(line) is not { Success: true } assignment)
        {
            return false;
        }

        var name = assignment.Groups[1].Value;
        var words = assignment.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (FlagsName().IsMatch(name))
        {
            return words.All(static word => Flag().IsMatch(word));
        }

        if (SwitchName().IsMatch(name))
        {
            return words is ["y" or "n"];
        }

        return ListName().Match(name) is { Success: true } list && !OtherLists.Contains(list.Groups[1].Value)
            && words.All(static word => Item().IsMatch(word));
    }

    /// <summary>True for a line of a condition on the configuration.</summary>
    public static bool IsCondition(string line) => line is "else" or "endif" || Condition().IsMatch(line);

    [
        GeneratedRegex(
            @"^([A-Za-z0-9_.+,-]+(?:\$\(CONFIG_[A-Za-z0-9_]+\))?) ?(?:\+=|:=|=) ?([A-Za-z0-9_.+,/= -]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();

    /// <summary>obj-y, obj-$(CONFIG_X), NAME-objs.</summary>
    [GeneratedRegex(@"^([A-Za-z0-9_][A-Za-z0-9_-]*)-(?:y|m|objs|\$\(CONFIG_[A-Za-z0-9_]+\))\z", RegexOptions.CultureInvariant)]
    private static partial Regex ListName();

    /// <summary>An object or a directory.</summary>
    [GeneratedRegex(@"^(?:[A-Za-z0-9_.+,][A-Za-z0-9_.+,-]*/)*(?:[A-Za-z0-9_][A-Za-z0-9_.+,-]*(?:\.o|/))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Item();

    /// <summary>Flags of an object or of the directory.</summary>
    [
        GeneratedRegex(
            @"^(?:CFLAGS(?:_REMOVE)?_[A-Za-z0-9_][A-Za-z0-9_.+,-]*\.o|ccflags-(?:y|\$\(CONFIG_[A-Za-z0-9_]+\)))\z",
            RegexOptions.CultureInvariant)]
    private static partial Regex FlagsName();

    /// <summary>Macros of plain values, warnings, optimisation, and what -fno- switches off. None names a file or a program.</summary>
    [GeneratedRegex(@"^-(?:D[A-Za-z_][A-Za-z0-9_]*(?:=[A-Za-z0-9_]+)?|U[A-Za-z_][A-Za-z0-9_]*|W(?:no-)?[a-z][a-z0-9+-]*(?:=[0-9]+)?|O[0-3s]|fno-[a-z][a-z0-9-]*|pg)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Flag();

    /// <summary>KASAN_SANITIZE_x.o and its like.</summary>
    [
        GeneratedRegex(
            @"^[A-Z][A-Z0-9_]*_(?:SANITIZE|SANITIZED|INSTRUMENT|PROFILE|NON_STANDARD|MEMORY)(?:_[A-Za-z0-9_][A-Za-z0-9_.+,-]*\.o)?\z",
            RegexOptions.CultureInvariant)]
    private static partial Regex SwitchName();

    [
        GeneratedRegex(
            @"^(?:else )?(?:ifn?def CONFIG_[A-Za-z0-9_]+|ifn?eq ?\((?:\$\(CONFIG_[A-Za-z0-9_]+\))+, ?[ymn]*\))\z",
            RegexOptions.CultureInvariant)]
    private static partial Regex Condition();
}
