using System.Text;

namespace LivePatch.Kernel.Distributions;

/// <summary>Versions of installed packages from dpkg's own list (<c>/var/lib/dpkg/status</c>): reading it takes two
/// milliseconds, starting dpkg-query some thirty.</summary>
internal static class DpkgStatus
{
    /// <summary>The installed version of a package; null when it is not installed or the list cannot be read.</summary>
    public static string? VersionOf(string statusPath, string package)
    {
        string text;
        try
        {
            text = File.ReadAllText(statusPath, Encoding.Latin1);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        var heading = $"Package: {package}\n";
        for (var at = 0; (at = text.IndexOf(heading, at, StringComparison.Ordinal)) >= 0; at += heading.Length)
        {
            if (at > 0 && text[at - 1] != '\n')
            {
                continue;
            }

            var end = text.IndexOf("\n\n", at, StringComparison.Ordinal);
            var fields = (end < 0 ? text[at..] : text[at..end]).Split('\n');
            if (Array.Exists(
                fields,
                static field =>
                    field.StartsWith("Status: ", StringComparison.Ordinal) && field.EndsWith(" installed", StringComparison.Ordinal)))
            {
                return Array.Find(fields, static field => field.StartsWith("Version: ", StringComparison.Ordinal))?["Version: ".Length..];
            }
        }

        return null;
    }
}
