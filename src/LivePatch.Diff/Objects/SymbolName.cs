namespace LivePatch.Diff.Objects;

/// <summary>
/// What compilers append to names, and which parts of a name are only serial numbers.
/// gcc: foo.isra.N, foo.constprop.N, foo.part.N, foo.cold, foo.cold.N, static local name.N;
/// clang: foo.llvm.HASH, static local function.name; the kernel: __UNIQUE_ID_name123 (include/linux/compiler.h)
/// __initcall__kmod_mod__COUNTER_LINE_fnLEVEL (include/linux/init.h, Linux 5.10 and later) and
/// __BTF_ID__kind__name__LINECOUNTER (include/linux/btf_ids.h).
/// </summary>
internal static class SymbolName
{
    /// <summary>The name without serial numbers: foo.isra.3 and foo.isra.7 share a family, foo and foo.isra.3 do not.</summary>
    public static string Family(string name)
    {
        if (name.StartsWith("__initcall__", StringComparison.Ordinal)
            || name.Contains("__UNIQUE_ID_", StringComparison.Ordinal)
            || name.StartsWith("__BTF_ID__", StringComparison.Ordinal)
            || name.StartsWith("__addressable_", StringComparison.Ordinal))
        {
            return WithoutDigitRuns(name);
        }

        if (!name.Contains('.', StringComparison.Ordinal))
        {
            return name;
        }

        var parts = name.Split('.');
        var kept = new List<string>(parts.Length);
        for (var index = 0; index < parts.Length; index++)
        {
            var part = parts[index];
            if (index > 0 && IsSerial(part, parts[index - 1]))
            {
                // ThinLTO's .llvm.HASH only makes a static visible to its siblings: with or without it the function is the same.
                if (parts[index - 1] == "llvm")
                {
                    kept.RemoveAt(kept.Count - 1);
                }

                continue;
            }

            kept.Add(part);
        }

        return string.Join('.', kept);
    }

    /// <summary>The function a split-off part comes from: "foo.constprop.0" for "foo.constprop.0.cold.3"; null when
    /// the name is no part's.</summary>
    public static string? ParentOf(string name)
    {
        var cold = name.IndexOf(".cold", StringComparison.Ordinal);
        if (cold > 0)
        {
            return name[..cold];
        }

        var part = name.IndexOf(".part.", StringComparison.Ordinal);
        return part > 0 ? name[..part] : null;
    }

    /// <summary>True for the cold half of a function: never entered from outside its parent.</summary>
    public static bool IsCold(string name) => name.IndexOf(".cold", StringComparison.Ordinal) > 0;

    /// <summary>A static local in the manner of gcc (name.N) or clang (function.name): a local object with a dot in its name.</summary>
    public static bool LooksLikeStaticLocal(string name) =>
        name.IndexOf('.', StringComparison.Ordinal) > 0 && !name.StartsWith(".L", StringComparison.Ordinal);

    /// <summary>The function in the symbol of a static local as clang names it, "function.name" with a number behind when there are
    /// several; null for others.</summary>
    public static string? FunctionOf(string symbol, string variable)
    {
        var at = symbol.IndexOf("." + variable, StringComparison.Ordinal);
        var end = at + 1 + variable.Length;
        return at > 0 && (end == symbol.Length || (symbol[end] == '.' && symbol[(end + 1)..].All(char.IsAsciiDigit))) ? symbol[..at] : null;
    }

    private static bool IsSerial(string part, string before) =>
        part.Length > 0
        && (part.All(char.IsAsciiDigit) || (before == "llvm" && part.All(char.IsAsciiHexDigit)));

    private static string WithoutDigitRuns(string name)
    {
        var result = new System.Text.StringBuilder(name.Length);
        var inDigits = false;
        foreach (var c in name)
        {
            var digit = char.IsAsciiDigit(c);
            if (digit && !inDigits)
            {
                result.Append('#');
            }
            else if (!digit)
            {
                result.Append(c);
            }

            inDigits = digit;
        }

        return result.ToString();
    }

    /// <summary>True for names that are only numbers the compiler gave to nameless data.</summary>
    public static bool IsUnstable(string name) =>
        name.StartsWith(".L", StringComparison.Ordinal) || name.StartsWith("__unnamed_", StringComparison.Ordinal);
}
