using System.Text.RegularExpressions;
using Xunit;

namespace LivePatch.TestSupport;

/// <summary>The kernels of this machine that tests may use.</summary>
public static partial class InstalledKernels
{
    /// <summary>Why such a test is skipped then.</summary>
    public const string QuickReason = "tests/run.sh --quick leaves out what needs a kernel";

    /// <summary>True in a run that leaves out what needs a kernel.</summary>
    public static bool IsQuick => Environment.GetEnvironmentVariable("KLP_TEST_QUICK") is { Length: > 0 };

    /// <summary>The newest installed stock kernel of Debian 12's own series that has an image and headers; null when there
    /// is none. Other series and flavours may be installed beside it: a test that is about one of them names it.</summary>
    public static string? Stock() =>
        !IsQuick && Directory.Exists("/lib/modules")
            ? Directory.GetDirectories("/lib/modules")
                .Select(static path => Path.GetFileName(path))
                .Where(static name => StockRelease().IsMatch(name) && File.Exists($"/boot/vmlinuz-{name}") && File.Exists($"/lib/modules/{name}/build/Module.symvers"))
                .OrderBy(static name => int.Parse(StockRelease().Match(name).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))
                .LastOrDefault()
            : null;

    /// <summary>The same; skips the running test when there is none.</summary>
    public static string RequireStock()
    {
        var release = Stock();
        if (release is null)
        {
            Assert.SkipWhen(IsQuick, QuickReason);
            Assert.Skip("no stock kernel is installed with both its image (linux-image-amd64) and its headers (linux-headers-amd64)");
        }

        return release;
    }

    [GeneratedRegex(@"^6\.1\.0-(\d+)-amd64$")]
    private static partial Regex StockRelease();
}
