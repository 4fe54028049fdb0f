using LivePatch.Core.Processes;

namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>
/// Both objects of a case, compiled side by side. Each side is a directory of its own with the same file names, so that
/// __FILE__ and the STT_FILE symbols are equal. Skips the running test when a tool is missing.
/// </summary>
public sealed class CompiledFixture : IDisposable
{
    /// <summary>Flags a kernel of the 6.1 line compiles with, those that shape objects.</summary>
    private static readonly string[] KernelFlags =
    [
        "-O2", "-std=gnu11", "-w", "-nostdinc", "-ffreestanding", "-mcmodel=kernel", "-mno-red-zone", "-fno-pie",
        "-fno-asynchronous-unwind-tables", "-fno-stack-protector", "-pg", "-mfentry", "-ffunction-sections", "-fdata-sections",
        "-fno-jump-tables", "-fno-strict-aliasing", "-fno-common", "-mno-sse", "-fcf-protection=none",
    ];

    private readonly TemporaryDirectory _directory = new();

    private CompiledFixture()
    {
    }

    /// <summary>The object before the patch.</summary>
    public string Original => _directory.File("original/case.o");

    /// <summary>The object after the patch.</summary>
    public string Patched => _directory.File("patched/case.o");

    /// <summary>Compiles a case.</summary>
    public static async Task<CompiledFixture> CompileAsync(FixtureCase fixture, CancellationToken cancellationToken)
    {
        Tool.Require(fixture.Compiler, "ld");
        var result = new CompiledFixture();
        try
        {
            await Task.WhenAll(
                result.CompileSideAsync(fixture, "original", [], cancellationToken),
                result.CompileSideAsync(fixture, "patched", ["-DPATCHED"], cancellationToken));
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private async Task CompileSideAsync(FixtureCase fixture, string side, string[] defines, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateDirectory(_directory.File(side)).FullName;
        foreach (var file in Directory.GetFiles(fixture.Directory))
        {
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        }

        // A case whose sides share nothing has two whole files instead of #ifdef PATCHED.
        var whole = Path.Combine(directory, side == "patched" ? "patched.c" : "orig.c");
        if (File.Exists(whole))
        {
            File.Move(whole, Path.Combine(directory, "case.c"));
        }

        string[] record = fixture.Compiler == "gcc" ? ["-mrecord-mcount"] : [];
        var objects = new List<string>();
        foreach (var source in fixture.Sources)
        {
            var target = fixture.Sources.Count == 1 ? "case.o" : Path.GetFileNameWithoutExtension(source) + ".part.o";
            objects.Add(target);
            var include = "-I" + Path.Combine(FixtureCatalog.Root, "include");
            await RunAsync(
                directory,
                fixture.Compiler,
                [.. KernelFlags, .. record, include, .. defines, .. fixture.Flags, "-c", source, "-o", target],
                cancellationToken);
        }

        if (objects.Count > 1)
        {
            await RunAsync(directory, "ld", ["-r", "-o", "case.o", .. objects], cancellationToken);
        }
    }

    private static async Task RunAsync(string directory, string program, string[] arguments, CancellationToken cancellationToken)
    {
        var request = new ProcessRequest(program, arguments)
        {
            WorkingDirectory = directory,
            Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" },
        };
        var result = await new ProcessRunner().RunAsync(request, cancellationToken);
        Assert.True(result.Succeeded, $"{request.CommandLine}\n{result.Error}");
    }
}
