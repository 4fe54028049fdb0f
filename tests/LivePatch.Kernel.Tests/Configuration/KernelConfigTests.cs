using LivePatch.Core.Diagnostics;
using LivePatch.Kernel.Configuration;

namespace LivePatch.Kernel.Tests.Configuration;

public sealed class KernelConfigTests
{
    private const string Livepatchable =
        "CONFIG_LIVEPATCH=y\nCONFIG_MODULES=y\nCONFIG_MODULE_UNLOAD=y\nCONFIG_KALLSYMS=y\nCONFIG_KALLSYMS_ALL=y\n"
        + "CONFIG_DYNAMIC_FTRACE_WITH_REGS=y\nCONFIG_HAVE_RELIABLE_STACKTRACE=y\n";

    [Fact]
    public void options_have_values_and_comments_do_not()
    {
        var config =
            Parse(
                "#\n# Linux/x86 6.1.192 Kernel Configuration\n#\nCONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\nCONFIG_D=\"a "
                    + "\\\"b\\\"\"\nCONFIG_E=0x10\nCONFIG_F=n\n\n");

        Assert.True(config.IsSet("A"));
        Assert.True(config.IsBuiltIn("A"));
        Assert.True(config.IsSet("B"));
        Assert.False(config.IsBuiltIn("B"));
        Assert.False(config.IsSet("C"));
        Assert.Null(config.Value("C"));
        Assert.Equal("a \"b\"", config.Value("D"));
        Assert.Equal("0x10", config.Value("E"));
        Assert.False(config.IsSet("E"));
        Assert.False(config.IsSet("F"));
    }

    [Theory]
    [InlineData("CONFIG_A=y\nnonsense\n", ".config:2")]
    [InlineData("CONFIG_=y\n", ".config:1")]
    [InlineData("A=y\n", ".config:1")]
    [InlineData("", ".config")]
    [InlineData("# only comments\n", ".config")]
    public void malformed_text_is_a_diagnostic(string text, string place)
    {
        var diagnostics = new DiagnosticBag();

        Assert.Null(KernelConfig.TryParse(".config", text, diagnostics));
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal("LP0213", diagnostic.Id);
        Assert.Equal(place, diagnostic.Location.ToString());
    }

    [Fact]
    public void a_livepatchable_configuration_passes()
    {
        var diagnostics = new DiagnosticBag();

        Assert.True(LivepatchRequirements.Check(Parse(Livepatchable), diagnostics));
        Assert.Empty(diagnostics);
    }

    [Theory]
    [InlineData("CONFIG_LIVEPATCH=y\n")]
    [InlineData("CONFIG_MODULES=y\n")]
    [InlineData("CONFIG_MODULE_UNLOAD=y\n")]
    [InlineData("CONFIG_KALLSYMS_ALL=y\n")]
    [InlineData("CONFIG_DYNAMIC_FTRACE_WITH_REGS=y\n")]
    public void each_missing_option_is_an_error_of_its_own(string line)
    {
        var diagnostics = new DiagnosticBag();

        Assert.False(LivepatchRequirements.Check(Parse(Livepatchable.Replace(line, string.Empty, StringComparison.Ordinal)), diagnostics));
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal("LP0214", diagnostic.Id);
        Assert.Contains(line[..line.IndexOf('=', StringComparison.Ordinal)], diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ftrace_with_args_is_as_good_as_with_regs()
    {
        var text = Livepatchable.Replace("WITH_REGS", "WITH_ARGS", StringComparison.Ordinal);

        Assert.True(LivepatchRequirements.Check(Parse(text), []));
    }

    [Theory]
    [InlineData("GCC_PLUGIN_LATENT_ENTROPY")]
    [InlineData("RANDSTRUCT")]
    [InlineData("GCC_PLUGIN_RANDSTRUCT")]
    [InlineData("LTO_CLANG")]
    [InlineData("CFI_CLANG")]
    [InlineData("LD_DEAD_CODE_DATA_ELIMINATION")]
    public void options_that_make_objects_incomparable_are_refused(string option)
    {
        var diagnostics = new DiagnosticBag();

        Assert.False(LivepatchRequirements.Check(Parse($"{Livepatchable}CONFIG_{option}=y\n"), diagnostics));
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal("LP0215", diagnostic.Id);
        Assert.Contains(option, diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void forced_signatures_are_a_warning()
    {
        var diagnostics = new DiagnosticBag();

        Assert.True(LivepatchRequirements.Check(Parse(Livepatchable + "CONFIG_MODULE_SIG_FORCE=y\n"), diagnostics));
        Assert.Equal("LP0216", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public void the_installed_kernel_can_be_livepatched()
    {
        var diagnostics = new DiagnosticBag();
        var config = KernelConfig.TryRead(TestMachine.Need("/boot/config-" + TestMachine.Release()), diagnostics);

        Assert.NotNull(config);
        LivepatchRequirements.Check(config, diagnostics);
        Assert.Empty(diagnostics);
    }

    private static KernelConfig Parse(string text) =>
        KernelConfig.TryParse(".config", text, []) ?? throw new InvalidOperationException("the fixture is malformed");
}
