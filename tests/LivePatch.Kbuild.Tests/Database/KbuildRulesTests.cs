using LivePatch.Kbuild.Makefiles;
using Xunit;

namespace LivePatch.Kbuild.Tests.Database;

/// <summary>The objects that a source goes into, by the makefile and the sources beside it.</summary>
public sealed class KbuildRulesTests : IDisposable
{
    private readonly SmallTree _tree = new();

    [Theory]
    [InlineData("listed.c", "d/listed.o")]
    [InlineData("part.c", "d/listed.o")]
    [InlineData("shared.c", "d/listed.o d/other.o")]
    [InlineData("deep.c", "d/listed.o d/other.o")]
    [InlineData("alone.c", "d/alone.o")]
    [InlineData("itself.c", "d/itself.o")]
    [InlineData("one.c", "d/one.o")]
    [InlineData("two.c", "d/two.o")]
    [InlineData("leaf.c", "d/listed.o")]
    public void a_source_leads_to_its_objects_whatever_includes_whatever(string source, string objects)
    {
        _tree.Write("d/Makefile", "obj-y := listed.o other.o");
        _tree.Write("d/listed.c", "#include \"part.c\"\n#include \"shared.c\"\n#include \"leaf.c\"");
        _tree.Write("d/other.c", "#include \"shared.c\"");
        _tree.Write("d/part.c", "int part;");
        _tree.Write("d/shared.c", "#include \"deep.c\"");
        _tree.Write("d/deep.c", "int deep;");
        _tree.Write("d/alone.c", "int alone;");
        _tree.Write("d/itself.c", "#include \"itself.c\"");
        _tree.Write("d/one.c", "#include \"two.c\"\n#include \"leaf.c\"");
        _tree.Write("d/two.c", "#include \"one.c\"");
        _tree.Write("d/leaf.c", "int leaf;");
        Assert.Equal(objects, string.Join(' ', KbuildRules.ObjectsOf(_tree.Root, "d/" + source).Order(StringComparer.Ordinal)));
    }

    public void Dispose() => _tree.Dispose();
}
