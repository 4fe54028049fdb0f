namespace LivePatch.Kernel.Images;

/// <summary>
/// The parts of a kernel's banner: <c>Linux version RELEASE (BUILDER) (COMPILER, LINKER) VERSION</c>
/// (init/version-timestamp.c and scripts/mkcompile_h, Linux 6.1).
/// </summary>
/// <param name="Release">UTS release, e.g. <c>6.1.0-56</c>.</param>
/// <param name="CompilerText">First line of the compiler's <c>--version</c>; empty when the banner has none.</param>
/// <param name="LinkerText">First line of the linker's <c>--version</c>; empty when the banner has none.</param>
/// <param name="VersionText">UTS version: build number, flags, and what the distribution adds, e.g.
/// <c>#1 SMP PREEMPT_DYNAMIC 6.1.192-2 (2026-11-16)</c>.</param>
public sealed record BannerInfo(string Release, string CompilerText, string LinkerText, string VersionText)
{
    private const string Start = "Linux version ";

    /// <summary>Takes a banner apart; null when the text is none.</summary>
    public static BannerInfo? TryParse(string banner)
    {
        if (!banner.StartsWith(Start, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = banner.AsSpan(Start.Length).TrimEnd();
        var space = rest.IndexOf(' ');
        if (space <= 0)
        {
            return null;
        }

        var release = rest[..space].ToString();
        rest = rest[(space + 1)..];
        if (!TryGroup(ref rest, out _) || !TryGroup(ref rest, out var tools))
        {
            return null;
        }

        var comma = LastCommaOutside(tools);
        return comma < 0
            ? new BannerInfo(release, tools.ToString(), string.Empty, rest.ToString())
            : new BannerInfo(release, tools[..comma].ToString(), tools[(comma + 2)..].ToString(), rest.ToString());
    }

    /// <summary>Takes the version text of a boot header apart, which is a banner without its beginning and its compiler;
    /// null when the text is none.</summary>
    internal static BannerInfo? TryParseBootHeader(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0)
        {
            return null;
        }

        var rest = text.AsSpan(space + 1);
        return TryGroup(ref rest, out _)
            ? new BannerInfo(text[..space], string.Empty, string.Empty, rest.TrimEnd().ToString())
            : null;
    }

    /// <summary>Takes one group in balanced parentheses from the start: compiler texts have parentheses themselves.</summary>
    private static bool TryGroup(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> group)
    {
        var depth = 0;
        for (var at = 0; at < rest.Length && (at > 0 || rest[0] == '('); at++)
        {
            depth += rest[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
            {
                group = rest[1..at];
                rest = rest[(at + 1)..].TrimStart();
                return true;
            }
        }

        group = default;
        return false;
    }

    private static int LastCommaOutside(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var at = text.Length - 2; at > 0; at--)
        {
            depth += text[at + 1] switch { ')' => 1, '(' => -1, _ => 0 };
            if (depth == 0 && text[at] == ',' && text[at + 1] == ' ')
            {
                return at;
            }
        }

        return -1;
    }
}
