namespace LivePatch.Kernel.Tests;

/// <summary>Real input, where this machine has it; a test that finds none is skipped with the reason.</summary>
internal static class TestMachine
{
    /// <summary>The newest release with an image and headers under /boot and /usr/src.</summary>
    public static string Release()
    {
        var release = Directory.Exists("/usr/src")
            ? Directory.EnumerateDirectories("/usr/src", "linux-headers-*")
                .Select(static path => Path.GetFileName(path)["linux-headers-".Length..])
                .Where(static name => File.Exists("/boot/vmlinuz-" + name) && File.Exists($"/usr/src/linux-headers-{name}/Module.symvers"))
                .Order(StringComparer.Ordinal)
                .LastOrDefault()
            : null;
        if (release is null)
        {
            Assert.Skip("no installed kernel with headers");
        }

        return release;
    }

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
