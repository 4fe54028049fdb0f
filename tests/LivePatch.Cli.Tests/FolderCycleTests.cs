using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Cli.Tests;

/// <summary>The folders of a project are layers too: none uses one that uses it, by however many steps.</summary>
public sealed class FolderCycleTests
{
    public static TheoryData<string> Projects =>
        [.. Directory.GetDirectories(Source, "LivePatch.*").Select(static path => Path.GetFileName(path)).Order()];

    private static string Source => Path.Combine(RepositoryRoot.Path, "src");

    [Theory]
    [MemberData(nameof(Projects))]
    public void no_folders_use_each_other(string project)
    {
        var root = Path.Combine(Source, project);
        var files = Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: Path.GetRelativePath(root, path), Full: path))
            .Where(static file => file.Path.Split('/')[0] is not ("obj" or "bin"))
            .Select(static file => (file.Path, File.ReadAllText(file.Full)));
        Assert.Empty(new FolderGraph(files).Cycles());
    }

    [Fact]
    public void two_folders_that_use_each_other_are_found()
    {
        var cycles = Cycles(
            ("A/Left.cs", "using P.B;\nnamespace P.A;\npublic sealed class Left(Right right);\n"),
            ("B/Right.cs", "using P.A;\nnamespace P.B;\npublic sealed record Right\n{\n    private readonly Left? _left;\n}\n"));
        Assert.Equal(["A uses Right of B (A/Left.cs)", "B uses Left of A (B/Right.cs)"], cycles.Order());
    }

    [Fact]
    public void a_circle_of_three_is_found()
    {
        var cycles = Cycles(
            ("A/One.cs", "using P.B;\nnamespace P.A;\npublic class One : Two;\n"),
            ("B/Two.cs", "using P.C;\nnamespace P.B;\npublic class Two : Three;\n"),
            ("C/Three.cs", "using P.A;\nnamespace P.C;\npublic class Three { One? _one; }\n"));
        Assert.Equal(3, cycles.Count);
    }

    [Fact]
    public void a_circle_by_way_of_a_type_of_the_top_is_found()
    {
        var cycles = Cycles(
            ("Face.cs", "using P.A;\nnamespace P;\npublic class Face { Part? _part; }\n"),
            ("A/Part.cs", "namespace P.A;\npublic class Part { Face? _face; }\n"));
        Assert.Equal(2, cycles.Count);
    }

    [Fact]
    public void what_folders_share_and_what_puts_them_together_may_lie_side_by_side_above_them()
    {
        Assert.Empty(Cycles(
            ("Word.cs", "namespace P;\npublic record Word;\n"),
            ("Face.cs", "using P.A;\nnamespace P;\npublic class Face { Part? _part; }\n"),
            ("A/Part.cs", "namespace P.A;\npublic class Part(Word word);\n")));
    }

    [Fact]
    public void comments_texts_and_members_are_no_use()
    {
        Assert.Empty(Cycles(
            ("A/Left.cs", "using P.B;\nnamespace P.A;\npublic class Left(Right right);\n"),
            ("B/Right.cs", """
                using P.A;
                namespace P.B;
                /// <see cref="Left"/>
                public class Right { string X => "Left" + this.Left; }

                """)));
    }

    private static IReadOnlyList<string> Cycles(params (string Path, string Text)[] files) => new FolderGraph(files).Cycles();
}
