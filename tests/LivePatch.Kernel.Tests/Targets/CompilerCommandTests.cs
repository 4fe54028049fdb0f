using LivePatch.Kernel.Targets;

namespace LivePatch.Kernel.Tests.Targets;

public sealed class CompilerCommandTests
{
    private const string Clang14 = "Debian clang version 14.0.6";

    [Theory]
    [InlineData("gcc-12", "gcc-12", "gcc-12")]
    [InlineData("ccache gcc-12", "gcc-12", "ccache gcc-12")]
    [InlineData("ccache", "gcc-12", "ccache gcc-12")]
    [InlineData("/usr/bin/distcc  x86_64-linux-gnu-gcc-12", "x86_64-linux-gnu-gcc-12", "/usr/bin/distcc x86_64-linux-gnu-gcc-12")]
    [InlineData("ccache distcc", "gcc-12", "env CCACHE_PREFIX=distcc ccache gcc-12")]
    [InlineData("env CCACHE_DIR=/c ccache distcc gcc", "gcc", "env CCACHE_DIR=/c CCACHE_PREFIX=distcc ccache gcc")]
    [
        InlineData(
            "distcc /opt/llvm/bin/clang-19 --target=x86_64-linux-gnu",
            "/opt/llvm/bin/clang-19",
            "distcc /opt/llvm/bin/clang-19 --target=x86_64-linux-gnu")]
    [InlineData("nice gcc-12", "gcc-12", "nice gcc-12")]
    [InlineData("ccache mycompiler", "mycompiler", "ccache mycompiler")]
    public void the_compiler_is_found_behind_its_wrappers(string text, string program, string command)
    {
        var parsed = CompilerCommand.TryParse(text, "gcc-12");

        Assert.Equal(program, parsed!.Program);
        Assert.Equal(command, parsed.Text);
    }

    [Fact]
    public void an_empty_text_names_no_compiler() => Assert.Null(CompilerCommand.TryParse("  ", "gcc-12"));

    [Fact]
    public async Task a_wrapper_is_asked_together_with_the_compiler_and_is_not_part_of_its_identity()
    {
        using var debian = FakeDebian.Complete();
        var compiler = new FakeCompiler(FakeCompiler.Debian12);

        var (target, diagnostics) = await debian.FindAsync(new TargetKernelOptions { Compiler = "ccache" }, compiler);

        Assert.Empty(diagnostics);
        Assert.Equal(["ccache gcc-12 --version"], compiler.Commands);
        Assert.Equal(("ccache gcc-12", "gcc-12", "gcc-12"), (target!.CompilerCommand.Text, target.Compiler, target.CompilerIdentity));
    }

    [Fact]
    public async Task the_kernels_compiler_under_another_name_is_the_same_compiler()
    {
        using var debian = FakeDebian.Complete();

        var (target, _) = await debian.FindAsync(new TargetKernelOptions { Compiler = "gcc" }, new FakeCompiler(FakeCompiler.Debian12));

        Assert.Equal(("gcc", "gcc-12"), (target!.Compiler, target.CompilerIdentity));
    }

    [Theory]
    [InlineData("1", "clang --version")]
    [InlineData("-19", "clang-19 --version")]
    [InlineData("/opt/llvm/bin/", "/opt/llvm/bin/clang --version")]
    public async Task llvm_names_the_compiler_as_kbuild_reads_it_and_is_refused_for_a_kernel_of_gcc(string llvm, string command)
    {
        using var debian = FakeDebian.Complete();
        var compiler = new FakeCompiler(Clang14);

        var (_, diagnostics) = await debian.FindAsync(new TargetKernelOptions { Llvm = llvm }, compiler);

        Assert.Equal([command], compiler.Commands);
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal("LP0245", diagnostic.Id);
        Assert.Contains("Unset CC and LLVM", diagnostic.Remedy, StringComparison.Ordinal);
        Assert.Contains("gcc-12=12.2.0-14+deb12u1", diagnostic.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_kernel_of_clang_is_built_with_clang_and_its_linker()
    {
        using var debian = FakeDebian.Complete();
        var headers = Path.Combine(debian.Root, "usr/src/linux-headers-" + FakeDebian.Release);
        File.Delete(Path.Combine(headers, ".kernelvariables"));
        var config = File.ReadAllText(Path.Combine(headers, ".config")).Replace(FakeCompiler.Debian12, Clang14, StringComparison.Ordinal);
        File.WriteAllText(
            Path.Combine(headers, ".config"), config + "CONFIG_CC_IS_CLANG=y\nCONFIG_CLANG_VERSION=140006\nCONFIG_LD_IS_LLD=y\n");
        var compiler = new FakeCompiler(Clang14);

        var (target, diagnostics) = await debian.FindAsync(compiler: compiler);

        Assert.Empty(diagnostics);
        Assert.Equal(("clang", Clang14), (target!.Compiler, target.CompilerText));
        Assert.Equal(["LD=ld.lld"], target.MakeVariables);

        // A clang of another version is there under the plain name: the one with the number is tried too.
        var newer = new FakeCompiler("Debian clang version 19.1.7");
        await debian.FindAsync(compiler: newer);
        Assert.Equal(["clang --version", "clang-14 --version"], newer.Commands);
    }

    [Theory]
    [InlineData("GCC: (Debian 12.2.0-14+deb12u1) 12.2.0", FakeCompiler.Debian12, true)]
    [InlineData("GCC: (Debian 12.2.0-14) 12.2.0", FakeCompiler.Debian12, false)]
    [InlineData(Clang14, Clang14, true)]
    [InlineData("Debian clang version 14.0.5", Clang14, false)]
    public void an_object_tells_its_compiler(string comment, string version, bool same) =>
        Assert.Equal(same, TargetKernelChecks.IsProducer(comment, version));
}
