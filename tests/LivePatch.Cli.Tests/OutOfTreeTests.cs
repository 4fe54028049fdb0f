using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Cli.Tests;

/// <summary>Bad input about a module built outside the kernel tree: the sample's, built with make as its author would.</summary>
public sealed class OutOfTreeTests : IDisposable
{
    private static readonly string Sample = Path.Combine(RepositoryRoot.Path, "samples/out-of-tree");
    private static readonly string Cache = TestCache.Root;
    private static readonly Lazy<string> Built = new(Build);
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task the_users_directory_is_left_as_it_was_whatever_happens()
    {
        var source = Copy();
        var before = Contents(source);
        Assert.Equal(3, (await RunAsync(source, Change("report/main.c", "shown++;", "shown++; /* once more */"))).ExitCode);
        Assert.Equal(before, Contents(source));
    }

    [Fact]
    public async Task a_source_that_is_not_the_modules_is_found_out()
    {
        var source = Copy();
        Edit(source, "report/format.c", "%s: %lu", "%s = %lu");
        var result = await RunAsync(source, Change("report/format.c", "shown++;", "shown += 2;"));
        ExpectError(result, "report/format.o: oot_format: error LP0365");
    }

    [Fact]
    public async Task make_arguments_that_are_missing_show_the_compilers_message() =>
        ExpectError(
            await RunAsync(Copy(), Change("report/main.c", "shown++;", "shown += 2;"), makeArguments: "OOT_LOUD=n"),
            "LP0322",
            "OOT_LOUD=y is missing",
            "--make-args");

    [Fact]
    public async Task a_file_of_another_module_wants_that_modules_file() =>
        ExpectError(
            await RunAsync(Copy(), Change("counter.c", "atomic_long_read(&count);", "atomic_long_read(&count) + 1;"), "oot_report.ko"),
            "LP0364",
            "oot_counter.ko");

    [Fact]
    public async Task a_file_of_no_module_is_an_error()
    {
        var source = Copy();
        File.WriteAllText(Path.Combine(source, "unused.c"), "int a;\nint unused(void);\nint unused(void)\n{\n\treturn 1;\n}\n");
        ExpectError(
            await RunAsync(source, "--- a/unused.c\n+++ b/unused.c\n@@ -4,3 +4,3 @@\n {\n-\treturn 1;\n+\treturn 2;\n }\n"),
            "LP0363",
            "unused.c");
    }

    [Fact]
    public async Task a_file_of_two_modules_is_refused()
    {
        var source = Copy();
        File.AppendAllText(Path.Combine(source, "Kbuild"), "obj-m += oot_third.o\noot_third-y := counter.o report/format.o\n");
        var result = await RunAsync(source, Change("report/format.c", "shown++;", "shown += 2;"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("LP0366", result.Error, StringComparison.Ordinal);
        Assert.Contains("oot_report.ko and oot_third.ko", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_file_the_patch_adds_is_refused()
    {
        var source = Copy();
        File.AppendAllText(Path.Combine(source, "Kbuild"), "oot_report-y += report/added.o\n");
        var result = await RunAsync(source, "--- /dev/null\n+++ b/report/added.c\n@@ -0,0 +1 @@\n+int oot_added;\n");
        Assert.Equal(2, result.ExitCode);
        Assert.Matches(@"report/added\.c: cannot be livepatched LP0369", result.Error);
    }

    [Fact]
    public async Task a_header_is_followed_to_the_objects_that_include_it()
    {
        const string patch =
            "--- a/include/oot.h\n+++ b/include/oot.h\n@@ -4,3 +4,4 @@\n \n struct seq_file;\n+#define seq_printf(file, format, ...) "
                + "(seq_printf)(file, \"> \" format, __VA_ARGS__)\n \n";
        var result = await RunAsync(Copy(), patch, options: ["--module", Path.Combine(Built.Value, "modules/oot_counter.ko")]);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("3 of the module's objects include include/oot.h", result.Error, StringComparison.Ordinal);
        Assert.Contains("report/format.o: changed function: oot_format", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("main.o: changed", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("counter.o: changed", result.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(_directory.File("out/livepatch-change.ko")));
    }

    /// <summary>Neither the cache's path, nor the output's, nor the day, nor how many compile at a time is in the module.</summary>
    [Fact]
    public async Task the_same_inputs_give_the_same_bytes_wherever_they_are_built()
    {
        var source = Copy();
        var patch = Change("report/main.c", "shown++;", "shown += 2;");
        var first = await RunAsync(source, patch, options: ["-j", "1", "--module", Path.Combine(Built.Value, "modules/oot_counter.ko")]);
        Assert.True(first.ExitCode == 0, first.Error);
        var bytes = File.ReadAllBytes(_directory.File("out/livepatch-change.ko"));
        var other = _directory.File("another-cache-with-a-much-longer-name");
        var second = await RunAsync(
            source, patch, options: [
                "-j", "3", "--module", Path.Combine(Built.Value, "modules/oot_counter.ko"), "--cache", other, "-o",
                _directory.File("elsewhere/out")]);
        Assert.True(second.ExitCode == 0, second.Error);
        Assert.Equal(bytes, File.ReadAllBytes(_directory.File("elsewhere/out/livepatch-change.ko")));
        Assert.All(
            [Cache, other], path => Assert.DoesNotContain(path, System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal));
    }

    [Fact]
    public async Task a_header_of_another_module_too_wants_that_modules_file()
    {
        const string patch = "--- a/include/oot.h\n+++ b/include/oot.h\n@@ -4,3 +4,4 @@\n \n struct seq_file;\n+struct nothing;\n \n";
        ExpectError(await RunAsync(Copy(), patch), "LP0364", "oot_counter.ko");
    }

    [Fact]
    public async Task another_kernel_than_the_modules_is_an_error() =>
        ExpectError(await RunAsync(Copy(), "x", options: ["-k", "6.1.0-1-other"]), "LP0361", "6.1.0-1-other");

    [Fact]
    public async Task a_file_that_is_no_module_is_an_error() =>
        ExpectError(await RunAsync(Copy(), "x", options: ["--module", CompiledSource.C("int x;").ObjectPath]), "LP0368");

    [Fact]
    public async Task an_argument_that_names_another_directory_is_an_error() =>
        ExpectError(await RunAsync(Copy(), "x", makeArguments: "M=/elsewhere"), "LP0367");

    [Fact]
    public async Task a_source_that_is_not_there_is_an_error() =>
        ExpectError(await RunAsync(_directory.File("nothing"), "x"), "LP0362");

    [Fact]
    public async Task source_and_module_go_together()
    {
        var result = await CommandResult.RunAsync("--module-source", _directory.Path, _directory.Write("x.patch", "x"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--module is missing", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static void ExpectError(CommandResult result, params string[] parts)
    {
        Assert.True(result.ExitCode == 1, $"exit code {result.ExitCode}: {result.Error}");
        foreach (var part in parts)
        {
            Assert.Contains(part, result.Error, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Builds the sample's modules once for all tests.</summary>
    private static string Build()
    {
        var directory = Directory.CreateTempSubdirectory("klp-test-oot-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        var result = Tool.RunIn(directory, "sh", Path.Combine(Sample, "prepare.sh"), InstalledKernels.RequireStock());
        Assert.True(result.Succeeded, result.Error);
        return directory;
    }

    private static string Contents(string directory) =>
        string.Join('\n', Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(
                static path =>
                    $"{path} {File.GetLastWriteTimeUtc(path).Ticks} {(File.Exists(path) ? File.ReadAllText(path) : string.Empty)}"));

    private static void Edit(string source, string file, string from, string to)
    {
        var path = Path.Combine(source, file);
        var text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>A patch that changes one line of the sample's source.</summary>
    private static string Change(string path, string from, string to)
    {
        var lines = File.ReadAllLines(Path.Combine(Sample, "source", path));
        var at = Array.FindIndex(lines, line => line.Contains(from, StringComparison.Ordinal));
        Assert.True(at > 0, $"{path} has no line with {from}");
        return $"--- a/{path}\n+++ b/{path}\n@@ -{at},3 +{at},3 @@\n "
            + $"{lines[at - 1]}\n-{lines[at]}\n+{lines[at].Replace(from, to, StringComparison.Ordinal)}\n {lines[at + 1]}\n";
    }

    private string Copy()
    {
        InstalledKernels.RequireStock();
        Tool.Require("make", "cp");
        var copy = _directory.File("source");
        Assert.True(Tool.Run("cp", "-r", Path.Combine(Sample, "source"), copy).Succeeded);
        return copy;
    }

    private Task<CommandResult> RunAsync(
        string source, string patch, string module = "oot_report.ko", string makeArguments = "OOT_LOUD=y", params string[] options) =>
        CommandResult.RunAsync(
        [
            .. options.Contains("--cache")
                ? []
                : (string[])["--cache", Cache], .. options.Contains("-o")
                ? []
                : (string[])["-o", _directory.File("out")],
            "--module-source", source, "--module", Path.Combine(Built.Value, "modules", module),
            "--make-args", makeArguments, .. options, _directory.Write("change.patch", patch),
        ]);
}
