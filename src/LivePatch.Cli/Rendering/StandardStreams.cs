using System.Globalization;

namespace LivePatch.Cli.Rendering;

/// <summary>
/// The three streams a process begins with, where one may have been closed by who started it. Its number is then free, and the next file
/// that is opened gets it: the runtime's own pipes, or a result. So free numbers are filled before anything else is opened, and a stream
/// the runtime has taken is known by its other end, which is in this process too.
/// </summary>
internal static class StandardStreams
{
    private static readonly List<Microsoft.Win32.SafeHandles.SafeFileHandle> Fillers = [];

    /// <summary>Finds out which are closed, and takes their numbers.</summary>
    /// <returns>For input, output and messages.</returns>
    public static bool[] FindClosed()
    {
        bool[] closed = [IsClosed(0), IsClosed(1), IsClosed(2)];
        for (var number = 0; number < closed.Length; number++)
        {
            if (Target(number) is null)
            {
                // The lowest free number is given first.
                Fillers.Add(
                    File.OpenHandle("/dev/null", FileMode.Open, number == 0 ? FileAccess.Read : FileAccess.Write, FileShare.ReadWrite));
            }
        }

        return closed;
    }

    private static bool IsClosed(int number)
    {
        if (Target(number) is not { } target || Access(number) is not { } access)
        {
            return !Directory.Exists("/proc/self/fd") ? false : Target(number) is null;
        }

        var isWrong = number == 0 ? access == 1 : access == 0;
        return isWrong || target.StartsWith("anon_inode:", StringComparison.Ordinal) || IsOfRuntime(number, target, access);
    }

    private static bool IsOfRuntime(int number, string target, int access)
    {
        if (number == 0 && target.EndsWith(".dll", StringComparison.Ordinal))
        {
            return true;
        }

        return target.StartsWith("pipe:", StringComparison.Ordinal)
            && Directory.EnumerateFileSystemEntries("/proc/self/fd").Any(entry =>
                int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var other) && other > 2
                && Target(other) == target && Access(other) is { } otherAccess && otherAccess != access);
    }

    private static string? Target(int number)
    {
        try
        {
            return new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{number}")).LinkTarget;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>0 for reading, 1 for writing, 2 for both (proc(5), fdinfo).</summary>
    private static int? Access(int number)
    {
        try
        {
            var flags =
                File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{number}"))
                    .First(static line => line.StartsWith("flags:", StringComparison.Ordinal));
            return (flags[^1] - '0') & 3;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }
}
