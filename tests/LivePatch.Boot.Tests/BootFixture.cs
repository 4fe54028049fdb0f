using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Boot.Tests;

/// <summary>Hand-made livepatch modules, compiled once with Kbuild against the newest installed kernel's headers.
/// Where something is missing, <see cref="Missing"/> says what, and the tests skip.</summary>
public sealed class BootFixture : IAsyncLifetime
{
    private static readonly string[] Sources = ["good", "warns", "stalls", "two_objects"];

    public DirectoryInfo Directory { get; } = System.IO.Directory.CreateTempSubdirectory("klp-boot-tests-");

    public string? Missing { get; private set; }

    public string Release { get; private set; } = string.Empty;

    public string Image => $"/boot/vmlinuz-{Release}";

    public string Module(string name) => Path.Combine(Directory.FullName, $"livepatch_test_{name}.ko");

    public string Script(string name, string text)
    {
        var path = Path.Combine(Directory.FullName, $"{name}-{Guid.NewGuid():N}.sh");
        File.WriteAllText(path, text);
        return path;
    }

    public BootVerifyRequest Request(string module) => new()
    {
        ModulePath = Module(module),
        KernelRelease = Release,
        KernelImage = Image,
        ModulesDirectory = $"/lib/modules/{Release}",
        LogPath = Path.Combine(Directory.FullName, $"{module}-{Guid.NewGuid():N}.log"),
    };

    public async ValueTask InitializeAsync()
    {
        var release = InstalledKernels.Stock();
        if (release is null)
        {
            Missing = "no kernel is installed with both its image (linux-image-amd64) and its headers (linux-headers-amd64)";
            return;
        }

        Release = release;
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':')
            .Any(static directory => File.Exists(Path.Combine(directory, "qemu-system-x86_64"))))
        {
            Missing = "qemu-system-x86_64 (qemu-system-x86) is not installed";
            return;
        }

        if (!File.Exists("/bin/busybox"))
        {
            Missing = "/bin/busybox (busybox-static) is not installed";
            return;
        }

        await BuildModulesAsync();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task BuildModulesAsync()
    {
        foreach (var name in Sources)
        {
            var source = Path.Combine(AppContext.BaseDirectory, "Modules", $"{name}.c");
            File.Copy(source, Path.Combine(Directory.FullName, $"livepatch_test_{name}.c"));
        }

        await File.WriteAllTextAsync(
            Path.Combine(Directory.FullName, "Kbuild"),
            $"obj-m := {string.Join(' ', Sources.Select(static name => $"livepatch_test_{name}.o"))}\n");
        ProcessResult result;
        try
        {
            result = await new ProcessRunner().RunAsync(
                new ProcessRequest(
                    "make", ["-C", $"/lib/modules/{Release}/build", $"M={Directory.FullName}", "modules"]), CancellationToken.None);
        }
        catch (DiagnosticException problem)
        {
            Missing = problem.Message;
            return;
        }

        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"The test modules do not build:\n{result.Output}{result.Error}");
        }
    }
}
