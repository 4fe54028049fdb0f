using System.Globalization;

namespace LivePatch.Proof;

/// <summary>Names that compilers number, and names of symbols that the livepatch core looks up.</summary>
internal static class SymbolNames
{
    private const string KlpPrefix = ".klp.sym.";

    /// <summary>A name without the numbers that compilers put behind it: "count.12" is "count", "f.isra.0" is "f.isra".</summary>
    public static string Base(string name)
    {
        var end = name.Length;
        while (true)
        {
            var digits = end;
            while (digits > 0 && char.IsAsciiDigit(name[digits - 1]))
            {
                digits--;
            }

            if (digits == end || digits < 2 || name[digits - 1] != '.')
            {
                return name[..end];
            }

            end = digits - 1;
        }
    }

    public static bool IsNumbered(string name) => Base(name).Length != name.Length;

    /// <summary>The name as the source has it: without everything a compiler puts behind it, and without the function clang puts in
    /// front.</summary>
    public static string Source(string name)
    {
        var dot = name.IndexOf('.', 1 < name.Length ? 1 : 0);
        return dot < 0 ? name : name[..dot];
    }

    /// <summary>.klp.sym.OBJECT.NAME,POSITION (Documentation/livepatch/module-elf-format.rst); null for another form.</summary>
    public static (string Object, string Name, uint Position)? ParseKlp(string text)
    {
        if (!text.StartsWith(KlpPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = text.AsSpan(KlpPrefix.Length);
        var dot = rest.IndexOf('.');
        var comma = rest.LastIndexOf(',');
        return dot > 0 && comma > dot + 1 && uint.TryParse(rest[(comma + 1)..], NumberStyles.None, CultureInfo.InvariantCulture,
            out var position)
            ? (rest[..dot].ToString(), rest[(dot + 1)..comma].ToString(), position)
            : null;
    }
}
