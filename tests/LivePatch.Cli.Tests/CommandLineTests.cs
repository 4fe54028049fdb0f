using Xunit;

namespace LivePatch.Cli.Tests;

/// <summary>The contract other programs rely on: options, exit codes, no stack traces.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--kernel")]
    [InlineData("--source")]
    [InlineData("--config")]
    [InlineData("--headers")]
    [InlineData("--image")]
    [InlineData("--name")]
    [InlineData("--output")]
    [InlineData("--jobs")]
    [InlineData("--no-replace")]
    [InlineData("--cache")]
    [InlineData("--keep-temp")]
    [InlineData("--json")]
    [InlineData("--explain")]
    [InlineData("--verbose")]
    [InlineData("--quiet")]
    [InlineData("diff")]
    [InlineData("verify")]
    [InlineData("inspect")]
    [InlineData("doctor")]
    [InlineData("owners")]
    public async Task help_names_every_part_of_the_contract(string part)
    {
        var result = await CommandResult.RunAsync("--help");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains(part, result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--before")]
    [InlineData("--after")]
    [InlineData("--timeout")]
    [InlineData("--extra-module")]
    [InlineData("--order")]
    public async Task verify_help_names_every_option(string option)
    {
        var result = await CommandResult.RunAsync("verify", "--help");
        Assert.Contains(option, result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task without_a_patch_the_command_line_is_wrong()
    {
        var result = await CommandResult.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("LP0902", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("owners")]
    [InlineData("owners", "--all", "fs/exec.c")]
    public async Task owners_needs_paths_or_all(params string[] arguments)
    {
        var result = await CommandResult.RunAsync(arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("LP0902", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_unknown_option_is_an_error()
    {
        var result = await CommandResult.RunAsync("--no-such-option", "x.patch");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--no-such-option", result.Out + result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("postlink")]
    [InlineData("verify")]
    public async Task a_missing_module_is_a_diagnostic(string command)
    {
        var result = await CommandResult.RunAsync(command, "/nonexistent/x.ko");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("LP0001", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("postlink")]
    [InlineData("verify")]
    public async Task a_text_file_is_no_module(string command)
    {
        using var directory = new TestSupport.TemporaryDirectory();
        var file = directory.Write("x.ko", "this is no module, but it is longer than an ELF header would be, which is sixty-four bytes");
        var result = await CommandResult.RunAsync(command, file);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("LP0101", result.Error, StringComparison.Ordinal);
    }
}
