using LivePatch.TestSupport;

namespace LivePatch.Kernel.Tests;

/// <summary>Real input, where this machine has it; a test that finds none is skipped with the reason.</summary>
internal static class TestMachine
{
    /// <summary>The newest installed stock release with an image and headers.</summary>
    public static string Release() => InstalledKernels.RequireStock();

    /// <summary>The file, or a skipped test.</summary>
    public static string Need(string path)
    {
        if (!File.Exists(path))
        {
            Assert.Skip($"{path} is not installed");
        }

        return path;
    }

    /// <summary>A module of the newest installed kernel by its path below kernel/, or a skipped test.</summary>
    public static string Module(string path) => Need($"/lib/modules/{Release()}/kernel/{path}");
}
