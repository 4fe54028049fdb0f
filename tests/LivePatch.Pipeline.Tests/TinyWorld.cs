using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Pipeline.Tests;

/// <summary>
/// A kernel of two functions in the directory it was built in, a module of one file that is loaded in it, and the module's source. Nothing
/// of it is a real kernel's but the forms: the image has a banner, symbols and ftrace sites, the module a vermagic.
/// </summary>
internal sealed class TinyWorld : IDisposable
{
    public const string Release = "6.6.30-tiny";

    /// <summary>Flags of a kernel's objects, those that shape them.</summary>
    public const string Flags =
        "-g -O2 -std=gnu11 -w -nostdinc -ffreestanding -mcmodel=kernel -mno-red-zone -fno-pie -fno-asynchronous-unwind-tables"
        + " -fno-stack-protector -pg -mfentry -mrecord-mcount -fno-jump-tables -mno-sse -fcf-protection=none";

    private const string Config =
        "CONFIG_X86_64=y\nCONFIG_LIVEPATCH=y\nCONFIG_MODULES=y\nCONFIG_MODULE_UNLOAD=y\nCONFIG_KALLSYMS=y\nCONFIG_KALLSYMS_ALL=y\n"
        + "CONFIG_DYNAMIC_FTRACE_WITH_REGS=y\nCONFIG_HAVE_RELIABLE_STACKTRACE=y\n";

    private const string Source =
        """
        #include "tiny.h"
        int _printk(const char *format, ...);
        int tiny_value = FIRST;

        /* what is patched */
        __attribute__((noinline)) int tiny_add(int x)
        {
        	return x + 3;
        }

        int tiny_show(void)
        {
        	_printk("value %d\n", tiny_value);
        	return tiny_add(tiny_value);
        }

        """;

    private readonly TemporaryDirectory _directory = new();

    public TinyWorld()
    {
        Tool.Require("gcc", "ld", "patch");
        CompilerText = Tool.Run("gcc", "--version").Output.Split('\n')[0];
        Directory.CreateDirectory(Cache);
        Directory.CreateDirectory(Output);
        WriteKernel();
        WriteModule();
    }

    /// <summary>First line of gcc --version.</summary>
    public string CompilerText { get; }

    public string Tree => _directory.File("tree");

    public string ModuleSource => _directory.File("source");

    public string Module => _directory.File("loaded/tiny.ko");

    public string Cache => _directory.File("cache");

    public string Output => _directory.File("output");

    /// <summary>A patch of one line of tiny.c.</summary>
    public string Patch(string from = "return x + 3;", string to = "return x + 4;") => Write(
        "fix.patch",
        "--- a/tiny.c\n+++ b/tiny.c\n@@ -5,5 +5,5 @@\n /* what is patched */\n __attribute__((noinline)) int tiny_add(int x)\n {\n"
        + $"-\t{from}\n+\t{to}\n }}\n");

    public string Write(string name, string content) => _directory.Write(name, content);

    public PatchBuildOptions Options(string patch) => new()
    {
        Patches = [patch],
        Headers = Tree,
        Compiler = "gcc",
        OutOfTree = new OutOfTreeOptions(ModuleSource, [Module], []),
        Output = Output,
        Cache = Cache,
        Name = "livepatch-tiny",
        Jobs = 2,
    };

    public void Dispose() => _directory.Dispose();

    /// <summary>Compiles one C file to an object, or fails the test.</summary>
    private void Compile(string file, string output) =>
        Run("gcc", [.. Flags.Split(' '), "-c", file, "-o", output]);

    private void Run(string program, IReadOnlyList<string> arguments)
    {
        var result = Tool.RunIn(_directory.Path, program, arguments);
        Assert.True(result.Succeeded, $"{program} {string.Join(' ', arguments)}: {result.Error}");
    }

    private void WriteKernel()
    {
        Write("tree/Makefile", "VERSION = 6\nPATCHLEVEL = 6\nSUBLEVEL = 30\n");
        Write("tree/Kbuild", string.Empty);
        Write("tree/Kconfig", string.Empty);
        Write("tree/.config", $"{Config}CONFIG_CC_VERSION_TEXT=\"{CompilerText}\"\n");
        Write("tree/include/generated/utsrelease.h", $"#define UTS_RELEASE \"{Release}\"\n");
        Write("tree/Module.symvers", "0x00000001\t_printk\tvmlinux\tEXPORT_SYMBOL\t\n");
        Write("vmlinux.c", $$"""
            __attribute__((section(".rodata"), used)) const char linux_banner[] =
            	"Linux version {{Release}} (me@here) ({{CompilerText}}, GNU ld 2.40) #1 SMP Wed Nov 25 2026\n";
            __attribute__((noinline)) int _printk(const char *format, ...) { return format[0]; }
            __attribute__((noinline)) int tiny_helper(int x) { return x + 1; }
            __asm__(".globl __fentry__; __fentry__: ret");

            """);
        Write("vmlinux.lds", """
            SECTIONS {
            	. = 0xffffffff81000000;
            	.text : { *(.text*) }
            	.rodata : { *(.rodata*) }
            	.mcount : { __start_mcount_loc = .; *(__mcount_loc) __stop_mcount_loc = .; }
            	.data : { *(.data*) *(.bss*) }
            }
            """);
        Compile("vmlinux.c", "vmlinux.o");
        Run("ld", ["-T", "vmlinux.lds", "-o", "tree/vmlinux", "vmlinux.o"]);
    }

    private void WriteModule()
    {
        Write("source/Kbuild", "obj-m := tiny.o\n");
        Write("source/tiny.h", "#define FIRST 7\n");
        Write("source/tiny.c", Source);
        var info = $"name=tiny\\0vermagic={Release} SMP mod_unload \\0depends=";
        Write("info.c", $"__attribute__((section(\".modinfo\"), used)) static const char info[] = \"{info}\";\n");
        Directory.CreateDirectory(Path.GetDirectoryName(Module)!);
        Compile("source/tiny.c", "tiny.o");
        Compile("info.c", "info.o");
        Run("ld", ["-r", "-o", Module, "tiny.o", "info.o"]);
    }
}
