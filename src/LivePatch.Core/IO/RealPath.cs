namespace LivePatch.Core.IO;

/// <summary>Where a path leads when every link on the way is followed, as realpath(1) says; parts that do not exist are kept.</summary>
public static class RealPath
{
    /// <summary>Links followed before a circle is assumed, as in Linux.</summary>
    private const int MostLinks = 40;

    /// <summary>The path without links, "." and "..".</summary>
    public static string Of(string path)
    {
        var parts = new Stack<string>(Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var result = string.Empty;
        for (var links = 0; parts.TryPop(out var part);)
        {
            if (part == "..")
            {
                result = result[..Math.Max(0, result.LastIndexOf('/'))];
                continue;
            }

            var next = $"{result}/{part}";
            if (TryLink(next) is not { } target || links++ >= MostLinks)
            {
                result = next;
                continue;
            }

            result = target.StartsWith('/') ? string.Empty : result;
            foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(static step => step != ".").Reverse())
            {
                parts.Push(step);
            }
        }

        return result.Length == 0 ? "/" : result;
    }

    private static string? TryLink(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
