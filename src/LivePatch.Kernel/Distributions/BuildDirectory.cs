using System.Text.RegularExpressions;

namespace LivePatch.Kernel.Distributions;

/// <summary>What a build directory (headers package) says about itself.</summary>
internal static partial class BuildDirectory
{
    /// <summary>The release it belongs to (include/generated/utsrelease.h); null when it does not say.</summary>
    public static string? ReleaseOf(string directory)
    {
        try
        {
            var match = UtsRelease().Match(File.ReadAllText(Path.Combine(directory, "include/generated/utsrelease.h")));
            return match.Success ? match.Groups[1].Value : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex("^#define UTS_RELEASE \"([^\"]+)\"", RegexOptions.Multiline)]
    private static partial Regex UtsRelease();
}
