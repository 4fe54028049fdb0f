using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Compile;

/// <summary>Objects that Kbuild can only make after a program of its own, in a tree of a few makefiles.</summary>
public sealed class KbuildMakeTests : IBuildProgress, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _stages = [];

    public KbuildMakeTests()
    {
        // The parts of Kbuild that matter: a top Makefile that knows no rule for scripts/, and Makefile.build, which does.
        Write(
            "Makefile",
            "MAKEFLAGS += -rR\nbuild := -f scripts/Makefile.build obj\na/x.o a/y.o a/z.o a/asn.o a/unknown.o:\n\t$(MAKE) "
                + "$(build)=$(patsubst %/,%,$(dir $@)) $@\n");
        Write("scripts/Makefile.build", "include $(obj)/Makefile\n");
        Write("scripts/gen/Makefile", "$(obj)/gen:\n\tprintf '#!/bin/sh\\necho made' >$@ && chmod +x $@\n");
        Write("scripts/Makefile", "scripts/asn1_compiler:\n\tprintf '#!/bin/sh\\necho of $$1' >$@ && chmod +x $@\n");
        Write("a/t.asn1", string.Empty);
        Write("scripts/bad/Makefile", "$(obj)/bad:\n\t@echo 'fatal error: openssl/opensslv.h: No such file' >&2; false\n");
        Write("a/Makefile", "$(obj)/x.o: $(obj)/flask.h\n\tcp $< $@\n$(obj)/flask.h: scripts/gen/gen\n\t./$< >$@\n"
            + "$(obj)/y.o: scripts/bad/bad\n\tcp $< $@\n$(obj)/z.o: $(obj)/gone.h\n\tcp $< $@\n"
            + "$(obj)/asn.o: $(obj)/t.asn1.h\n\tcp $< $@\n$(obj)/%.asn1.h: $(obj)/%.asn1 scripts/asn1_compiler\n\tscripts/asn1_compiler "
            + "$< >$@\n");
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task a_program_of_the_kernels_build_is_made_when_it_is_missed()
    {
        var result = await RunAsync("a/x.o");
        Assert.True(result.Succeeded, result.Error);
        Assert.Equal("made\n", await File.ReadAllTextAsync(_directory.File("tree/a/x.o"), TestContext.Current.CancellationToken));
        Assert.Equal(["making scripts/gen/gen"], _stages);
    }

    [Fact]
    public async Task the_program_of_a_pattern_rule_is_found_by_what_the_rule_makes()
    {
        var result = await RunAsync("a/asn.o");
        Assert.True(result.Succeeded, result.Error);
        Assert.Equal("of a/t.asn1\n", await File.ReadAllTextAsync(_directory.File("tree/a/asn.o"), TestContext.Current.CancellationToken));
        Assert.Equal(["making scripts/asn1_compiler"], _stages);
    }

    [Fact]
    public async Task a_program_that_cannot_be_made_is_the_reason()
    {
        var result = await RunAsync("a/y.o");
        Assert.False(result.Succeeded);
        Assert.Contains("openssl/opensslv.h", CompilerMessages.Select(result.Error + result.Output), StringComparison.Ordinal);
        Assert.False(KbuildMake.HasNoRule(result, "a/y.o"));
    }

    [Fact]
    public async Task only_an_object_that_make_does_not_know_has_no_rule()
    {
        Assert.False(KbuildMake.HasNoRule(await RunAsync("a/z.o"), "a/z.o"));
        Assert.True(KbuildMake.HasNoRule(await RunAsync("a/unknown.o"), "a/unknown.o"));
    }

    void IBuildProgress.Stage(string stage) => _stages.Add(stage);

    void IBuildProgress.Log(string line)
    {
    }

    private Task<ProcessResult> RunAsync(string path)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/make"), "make is not installed");
        var toolchain = new Toolchain("gcc", "gcc", "gcc", "gcc", []);
        var tree = new WorkTree(new WorkTreeInputs("6.1", "/none", false, "/none", "/none", "x86", toolchain), _directory.Path);
        return new KbuildMake(tree, new ProcessRunner(), this).RunAsync(tree.Root, [path], 1, TestContext.Current.CancellationToken);
    }

    private void Write(string path, string text)
    {
        var file = _directory.File("tree/" + path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
