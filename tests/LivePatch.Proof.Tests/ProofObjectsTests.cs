using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Proof.Tests;

/// <summary>What is kept of a build proves its module again; and what a proof cannot confirm is said.</summary>
public sealed class ProofObjectsTests
{
    [Fact]
    public void kept_objects_are_read_again()
    {
        using var directory = new TemporaryDirectory();
        using var before = CompiledSource.C("int a(void) { return 1; }\n");
        using var after = CompiledSource.C("int a(void) { return 2; }\n");
        ProofObjects.Write(
            directory.File("kept"), [("vmlinux", "fs/a.o", before.ObjectPath, after.ObjectPath), ("ext4", "fs/a.o", before.ObjectPath, after.ObjectPath)]);
        var objects = ProofObjects.TryRead(directory.File("kept"), [])!;
        Assert.Equal(["vmlinux", "ext4"], objects.Select(static item => item.Owner));
        Assert.Equal(before.Bytes.Length, new FileInfo(Directory.GetFiles(directory.File("kept"), "*.before.o").Single()).Length);
        Assert.NotNull(objects[0].Patched.FindSymbols("a").FirstOrDefault());
    }

    [Fact]
    public void a_directory_without_a_list_is_told()
    {
        using var directory = new TemporaryDirectory();
        var diagnostics = new DiagnosticBag();
        Assert.Null(ProofObjects.TryRead(directory.File("nothing"), diagnostics));
        Assert.Equal("LP0762", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public void a_malformed_list_is_told_with_its_line()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("objects", "vmlinux\n");
        var diagnostics = new DiagnosticBag();
        Assert.Null(ProofObjects.TryRead(directory.Path, diagnostics));
        Assert.Equal(("LP0762", 1), (diagnostics[0].Id, diagnostics[0].Location.Line));
    }

    [Fact]
    public void a_position_that_nothing_confirms_is_a_note()
    {
        var kernel = SmallKernel.Shared;
        using var module = ElfObject.Read(kernel.Module, "livepatch.ko");
        var result = ModuleProof.Prove(module, kernel.Objects, new BlindTarget(kernel));
        Assert.True(result.IsProved);
        Assert.Contains(result.Diagnostics, static item => item.Id == "LP0761" && item.Text.Contains("twin", StringComparison.Ordinal));
    }
}
