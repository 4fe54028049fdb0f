using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Cli.Tests;

/// <summary>Bad patches against the real kernel source. The work tree is prepared once for all of them.</summary>
public sealed class BuildCommandTests : IDisposable
{
    private static readonly string Cache = TestCache.Root;
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task a_missing_patch_is_named()
    {
        RequireKernel();
        await ExpectAsync("/nonexistent/x.patch", 1, "LP0001");
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("snd_pcm")]
    [InlineData("printk")]
    public async Task a_name_that_the_kernel_has_is_refused(string name)
    {
        RequireKernel();
        var patch = _directory.Write("test.patch", ChangeOf("fs/proc/version.c", "linux_proc_banner,", "linux_proc_banner"));
        var result = await CommandResult.RunAsync("--cache", Cache, "-k", Release(), "-o", _directory.Path, "-n", name, patch);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("LP0383", result.Error, StringComparison.Ordinal);
        Assert.Contains(name, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_empty_patch_is_an_error() => await ExpectPatchAsync(string.Empty, 1, "LP0301");

    [Fact]
    public async Task documentation_alone_is_nothing_to_build() => await ExpectPatchAsync(
        Patch("Documentation/index.rst", " x\n-y\n+z\n x\n", "-1,3 +1,3"), 1, "LP0309");

    [Fact]
    public async Task assembly_is_refused() => await ExpectPatchAsync(
        Patch("arch/x86/entry/entry_64.S", " x\n-y\n+z\n x\n", "-1,3 +1,3"), 2, "LP0311");

    [Fact]
    public async Task boot_code_is_refused() => await ExpectPatchAsync(
        Patch("arch/x86/boot/main.c", " x\n-y\n+z\n x\n", "-1,3 +1,3"), 2, "LP0312");

    [Fact]
    public async Task the_vdso_is_refused() => await ExpectPatchAsync(
        Patch("arch/x86/entry/vdso/vclock_gettime.c", " x\n-y\n+z\n x\n", "-1,3 +1,3"), 2, "LP0312");

    [Fact]
    public async Task a_patch_that_does_not_fit_names_hunk_and_file() => await ExpectPatchAsync(
        Patch("fs/proc/version.c", " there is\n-no such\n+text\n here\n", "-1,3 +1,3"), 1, "LP0303", "fs/proc/version.c");

    [Fact]
    public async Task library_code_is_refused()
    {
        // lib/string.c is in lib-y: the linker takes it out of an archive.
        await ExpectPatchAsync(ChangeOf("lib/string.c", "return -E2BIG;", "return -EINVAL;"), 2, "LP0325");
    }

    [Fact]
    public async Task a_compile_error_shows_the_compilers_message() => await ExpectPatchAsync(
        ChangeOf("fs/proc/version.c", "seq_printf(m, linux_proc_banner,", "seq_printf(m, no_such_variable,"), 1, "LP0323", "no_such_variable");

    [Fact]
    public async Task a_compiler_warning_is_passed_on() => await ExpectPatchAsync(
        ChangeOf("fs/proc/version.c", "seq_printf(m, linux_proc_banner,", "int forgotten; seq_printf(m, linux_proc_banner,"), 3, "LP0331", "forgotten");

    [Fact]
    public async Task a_header_that_reaches_too_much_is_refused_with_the_count() => await ExpectPatchAsync(
        ChangeOf("include/linux/seq_file.h", "struct seq_operations;", "struct seq_operations; struct nothing;"), 1, "LP0374", "objects may include include/linux/seq_file.h; at most 500");

    [Fact]
    public async Task a_layout_change_in_a_header_is_named() => await ExpectPatchAsync(
        ChangeOf("fs/squashfs/squashfs_fs_i.h", "\tu64\t\tstart;", "\tu64\t\tadded; u64 start;"), 2, "LP0540", "struct squashfs_inode_info");

    [Fact]
    public async Task a_header_that_does_not_change_what_the_compiler_sees_is_no_change() => await ExpectPatchAsync(
        ChangeOf("fs/squashfs/squashfs_fs_i.h", "\tu64\t\tstart;", "\tu64\t\tstart; /* a comment */"), 3, "LP0370");

    [Fact]
    public async Task code_that_is_not_configured_is_named() => await ExpectPatchAsync(
        ChangeOf("kernel/kcov.c", "static DEFINE_SPINLOCK(kcov_remote_lock);", "static DEFINE_SPINLOCK(kcov_remote_lock_2);"), 1, "LP0324", "CONFIG_KCOV");

    [Fact]
    public async Task owners_are_told_for_sources_and_objects()
    {
        RequireKernel();
        var result = await CommandResult.RunAsync(
            "owners", "--cache", Cache, "-k", Release(), "fs/proc/version.c", "fs/xfs/xfs_mount.o", "virt/kvm/kvm_main.c", "kernel/kcov.c", "fs/no-such-file.c", "arch/arm/kernel/setup.c");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            [
                "fs/proc/version.c: fs/proc/version.o: vmlinux",
                "fs/xfs/xfs_mount.o: fs/xfs/xfs.ko",
                "virt/kvm/kvm_main.c: virt/kvm/kvm_main.o: arch/x86/kvm/kvm.ko",
                "kernel/kcov.c: not built: kernel/Makefile builds kcov.o only with CONFIG_KCOV, which this kernel does not set.",
                "fs/no-such-file.c: not built: The kernel's source has no such file.",
                "arch/arm/kernel/setup.c: not built: It is code of another architecture than x86.",
            ],
            result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task owners_are_told_to_programs()
    {
        RequireKernel();
        var result = await CommandResult.RunAsync("owners", "--json", "--cache", Cache, "-k", Release(), "drivers/net/ethernet/cavium/liquidio/octeon_device.c");
        Assert.Equal(0, result.ExitCode);
        using var json = System.Text.Json.JsonDocument.Parse(result.Out);
        var found = json.RootElement.GetProperty("files")[0].GetProperty("objects")[0];
        Assert.Equal("drivers/net/ethernet/cavium/liquidio/octeon_device.o", found.GetProperty("path").GetString());
        Assert.Equal(
            ["drivers/net/ethernet/cavium/liquidio/liquidio.ko", "drivers/net/ethernet/cavium/liquidio/liquidio_vf.ko"],
            found.GetProperty("owners").EnumerateArray().Select(static owner => owner.GetString()));
    }

    /// <summary>An object of two modules, a source that two modules are made from, and one that another directory's makefile builds: none of them is
    /// found by looking at the makefile beside the source.</summary>
    [Fact]
    public async Task every_owner_of_a_source_is_patched()
    {
        var patch = ChangeOf("drivers/net/ethernet/cavium/liquidio/octeon_device.c", "Configuration verification failed", "CONFIGURATION verification failed")
            + ChangeOf("sound/pci/ens1370.c", "\"Ensoniq AudioPCI \" CHIP_NAME \"", "\"ENSONIQ AudioPCI \" CHIP_NAME \"")
            + ChangeOf("virt/kvm/kvm_main.c", "\"kvm-vcpu-stats:%d\"", "\"KVM-vcpu-stats:%d\"");
        var result = await CommandResult.RunAsync(
            "--cache", Cache, "-k", Release(), "-o", _directory.Path, "--json", _directory.File("result.json"), _directory.Write("test.patch", patch));
        Assert.True(result.ExitCode == 0, result.Error);
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_directory.File("result.json")));
        Assert.Equal(
            [
                "drivers/net/ethernet/cavium/liquidio/octeon_device.o liquidio: oct_get_config_info",
                "drivers/net/ethernet/cavium/liquidio/octeon_device.o liquidio_vf: oct_get_config_info",
                "sound/pci/ens1370.o snd_ens1370: snd_ensoniq_proc_read",
                "sound/pci/ens1371.o snd_ens1371: snd_ensoniq_proc_read",
                "virt/kvm/kvm_main.o kvm: kvm_vcpu_ioctl",
            ],
            json.RootElement.GetProperty("objects").EnumerateArray().Select(static item =>
                $"{item.GetProperty("path").GetString()} {item.GetProperty("object").GetString()}: {item.GetProperty("replaced")[0].GetProperty("name").GetString()}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("scripts/syscalltbl.sh", "set -e", "set -e -u", "LP0382", "syscalls_32.h")]
    [InlineData("lib/gen_crc32table.c", "int main(", "int more; int main(", "LP0382", "lib/crc32table.h")]
    [InlineData("security/selinux/include/classmap.h", "\"entrypoint\", NULL", "\"entrypoint\", \"relabelmore\", NULL", "LP0501", "relabelmore")]
    [InlineData("security/selinux/include/classmap.h", "#define COMMON_FILE_SOCK_PERMS", "#define fprintf(...) system(\"x\"), \"a\", \\", "LP0391", "genheaders.c")]
    [InlineData("arch/x86/entry/syscalls/syscall_64.tbl", "sys_newuname", "sys_uname", "LP0501", "&__x64_sys_uname")]
    [InlineData("arch/x86/include/asm/cpufeatures.h", "/* Onboard FPU */", "/* \"onboard\" FPU */", "LP0501", "x86_cap_flags")]
    [InlineData("scripts/selinux/genheaders/genheaders.c", "int main(", "int more; int main(", "LP0382", "flask.h")]
    public async Task what_the_build_reads_to_generate_code_is_followed_or_refused(string path, string from, string to, string id, string named) => await ExpectPatchAsync(
        ChangeOf(path, from, to) + ChangeOf("fs/proc/version.c", "return 0;", "return 1;"), 2, id, named);

    /// <summary>The order in which several objects are compiled and compared does not show in the module; nor do temporary directories.</summary>
    [Fact]
    public async Task the_same_inputs_give_the_same_bytes()
    {
        var patch = _directory.Write("same.patch", ChangeOf("fs/proc/version.c", "return 0;", "return 1;") + ChangeOf("fs/proc/uptime.c", "return 0;", "return 1;"));
        var modules = new List<byte[]>();
        foreach (var jobs in (string[])["1", "4"])
        {
            var output = _directory.File("out-" + jobs);
            var result = await CommandResult.RunAsync("--cache", Cache, "-k", Release(), "-o", output, "-j", jobs, patch);
            Assert.True(result.ExitCode == 0, result.Error);
            modules.Add(File.ReadAllBytes(Path.Combine(output, "livepatch-same.ko")));
        }

        Assert.Equal(modules[0], modules[1]);
        Assert.DoesNotContain(Path.GetTempPath(), System.Text.Encoding.Latin1.GetString(modules[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_program_of_the_build_is_no_part_of_the_kernel() => await ExpectPatchAsync(
        ChangeOf("drivers/accessibility/speakup/genmap.c", "#include <", "#include  <"), 2, "LP0333", "genmap.o");

    [Fact]
    public async Task a_comment_is_no_change() => await ExpectPatchAsync(
        ChangeOf("fs/proc/version.c", "static int version_proc_show", "/* a comment */ static int version_proc_show"), 3, "LP0407");

    [Fact]
    public async Task an_object_taken_out_of_the_makefile_is_refused_by_name() => await ExpectPatchAsync(
        ChangeOf("fs/proc/version.c", "return 0;", "return 1;") + ChangeOf("fs/proc/Makefile", "uptime.o", "util.o"), 2, "LP0313", "proc-y loses uptime.o");

    [Fact]
    public async Task a_removed_source_with_an_initcall_is_refused() => await ExpectPatchAsync(
        ChangeOf("fs/proc/version.c", "return 0;", "return 1;") + ChangeOf("fs/proc/Makefile", "uptime.o", "util.o") + RemovalOf("fs/proc/uptime.c"), 2, "LP0354", "initcall");

    [Fact]
    public async Task a_new_source_that_wants_to_be_started_is_refused() => await ExpectPatchAsync(
        ChangeOf("drivers/block/zram/Makefile", "zcomp.o", "zcomp.o note.o")
        + "--- /dev/null\n+++ b/drivers/block/zram/note.c\n@@ -0,0 +1,3 @@\n+#include <linux/module.h>\n+static int __init note_init(void) { return 0; }\n+module_init(note_init);\n",
        2, "LP0356", "init_module");

    [Fact]
    public async Task new_functions_that_nothing_calls_are_no_change() => await ExpectPatchAsync(
        ChangeOf("fs/proc/version.c", "static int version_proc_show", "void note(struct seq_file *m); void note(struct seq_file *m) { } static int version_proc_show"), 3, "LP0351");

    [Fact]
    public async Task an_unknown_kernel_is_an_error()
    {
        RequireKernel();
        var patch = _directory.Write("x.patch", Patch("fs/proc/version.c", " x\n-y\n+z\n x\n", "-1,3 +1,3"));
        var result = await CommandResult.RunAsync("--cache", Cache, "-o", _directory.Path, "-k", "9.9.9-none", patch);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("9.9.9-none", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_module_name_the_kernel_cannot_take_is_an_error()
    {
        var result = await CommandResult.RunAsync("--cache", Cache, "-n", "bad name", _directory.Write("x.patch", "x"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("LP0329", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static void RequireKernel()
    {
        InstalledKernels.RequireStock();
        if (!Directory.EnumerateFiles("/usr/src", "linux-source-6.1.tar.*").Any())
        {
            Assert.Skip("linux-source-6.1 is not installed");
        }
    }

    /// <summary>The kernel to test with: KLP_TEST_KERNEL, else the stock one.</summary>
    private static string Release() =>
        Environment.GetEnvironmentVariable("KLP_TEST_KERNEL") is { Length: > 0 } named ? named : InstalledKernels.Stock() ?? "none";

    private static IEnumerable<string> Trees() =>
        Directory.Exists(Path.Combine(Cache, "kernels"))
            ? Directory.EnumerateDirectories(Path.Combine(Cache, "kernels"), Release() + "-*").Select(static kernel => Path.Combine(kernel, "tree")).Where(Directory.Exists)
            : [];

    private static string Patch(string path, string body, string counts) =>
        $"--- a/{path}\n+++ b/{path}\n@@ {counts} @@\n{body}";

    /// <summary>A patch that changes one line of the real source.</summary>
    private string ChangeOf(string path, string from, string to)
    {
        RequireKernel();
        var tree = Trees().FirstOrDefault();
        if (tree is null)
        {
            // Any build prepares the tree.
            CommandResult.RunAsync("--cache", Cache, "-k", Release(), "-o", _directory.Path, _directory.Write("first.patch", "nothing")).GetAwaiter().GetResult();
            tree = Trees().First();
        }

        var lines = File.ReadAllLines(Path.Combine(tree, path));
        var at = Array.FindIndex(lines, line => line.Contains(from, StringComparison.Ordinal));
        Assert.True(at > 0 && at + 1 < lines.Length, $"{path} has no line with {from}");
        return $"--- a/{path}\n+++ b/{path}\n@@ -{at},3 +{at},3 @@\n {lines[at - 1]}\n-{lines[at]}\n+{lines[at].Replace(from, to, StringComparison.Ordinal)}\n {lines[at + 1]}\n";
    }

    private static string RemovalOf(string path)
    {
        var lines = File.ReadAllLines(Path.Combine(Trees().First(), path));
        return $"--- a/{path}\n+++ /dev/null\n@@ -1,{lines.Length} +0,0 @@\n" + string.Concat(lines.Select(static line => $"-{line}\n"));
    }

    private async Task ExpectPatchAsync(string text, int exitCode, string id, string? named = null)
    {
        RequireKernel();
        await ExpectAsync(_directory.Write("test.patch", text), exitCode, id, named);
    }

    private async Task ExpectAsync(string patch, int exitCode, string id, string? named = null)
    {
        var result = await CommandResult.RunAsync("--cache", Cache, "-k", Release(), "-o", _directory.Path, patch);
        Assert.True(result.ExitCode == exitCode, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(id, result.Error, StringComparison.Ordinal);
        Assert.Contains(named ?? string.Empty, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_directory.Path, "*.ko"));
    }
}
