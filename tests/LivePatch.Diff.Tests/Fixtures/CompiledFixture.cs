using System.Collections.Concurrent;
using LivePatch.Core.Processes;

namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>
/// Both objects of a case, compiled side by side, once per run of the tests. Each side is a directory of its own with the
/// same file names, so that __FILE__ and the STT_FILE symbols are equal. Skips the running test when a tool is missing.
/// </summary>
/// <param name="Original">The object before the patch.</param>
/// <param name="Patched">The object after the patch.</param>
public sealed record CompiledFixture(byte[] Original, byte[] Patched)
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<CompiledFixture>>> Known = new(StringComparer.Ordinal);

    /// <summary>Flags a kernel of the 6.1 line compiles with, those that shape objects.</summary>
    private static readonly string[] KernelFlags =
    [
        "-O2", "-g", "-std=gnu11", "-w", "-nostdinc", "-ffreestanding", "-mcmodel=kernel", "-mno-red-zone", "-fno-pie",
        "-fno-asynchronous-unwind-tables", "-fno-stack-protector", "-pg", "-mfentry", "-ffunction-sections", "-fdata-sections",
        "-fno-jump-tables", "-fno-strict-aliasing", "-fno-common", "-mno-sse", "-fcf-protection=none",
    ];

    /// <summary>The objects of a case; compiled when first asked for.</summary>
    public static Task<CompiledFixture> CompileAsync(FixtureCase fixture)
    {
        Tool.Require(Program(fixture.Compiler), "ld");
        return Known.GetOrAdd(fixture.ToString(), _ => new Lazy<Task<CompiledFixture>>(() => CompileBothAsync(fixture))).Value;
    }

    /// <summary>Another version of a compiler can be named, to try all cases with it: KLP_FIXTURE_GCC=gcc-11.</summary>
    private static string Program(string compiler) =>
        Environment.GetEnvironmentVariable($"KLP_FIXTURE_{compiler.ToUpperInvariant()}") is { Length: > 0 } other ? other : compiler;

    private static async Task<CompiledFixture> CompileBothAsync(FixtureCase fixture)
    {
        using var directory = new TemporaryDirectory();
        var sides = await Task.WhenAll(
            CompileSideAsync(fixture, directory, "original", []),
            CompileSideAsync(fixture, directory, "patched", ["-DPATCHED"]));
        return new CompiledFixture(sides[0], sides[1]);
    }

    private static async Task<byte[]> CompileSideAsync(FixtureCase fixture, TemporaryDirectory root, string side, string[] defines)
    {
        var directory = Directory.CreateDirectory(root.File(side)).FullName;
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

        string[] record = Program(fixture.Compiler).Contains("clang", StringComparison.Ordinal) ? [] : ["-mrecord-mcount"];
        var objects = new List<string>();
        foreach (var source in fixture.Sources)
        {
            var target = fixture.Sources.Count == 1 ? "case.o" : Path.GetFileNameWithoutExtension(source) + ".part.o";
            objects.Add(target);
            var include = "-I" + Path.Combine(FixtureCatalog.Root, "include");
            await RunAsync(
                directory,
                Program(fixture.Compiler),
                [.. KernelFlags, .. record, include, .. defines, .. fixture.Flags, "-c", source, "-o", target]);
        }

        if (objects.Count > 1)
        {
            await RunAsync(directory, "ld", ["-r", "-o", "case.o", .. objects]);
        }

        return await File.ReadAllBytesAsync(Path.Combine(directory, "case.o"));
    }

    private static async Task RunAsync(string directory, string program, string[] arguments)
    {
        var request = new ProcessRequest(program, arguments)
        {
            WorkingDirectory = directory,
            Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" },
        };
        var result = await new ProcessRunner().RunAsync(request, CancellationToken.None);
        Assert.True(result.Succeeded, $"{request.CommandLine}\n{result.Error}");
    }
}
