using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild.Units;
using LivePatch.Patches;
using LivePatch.Patches.Tests;
using Xunit;

namespace LivePatch.Kbuild.Tests.Units;

public sealed class UnitPlannerTests : IDisposable
{
    private readonly PatchScratch _tree = new();
    private readonly string _patched;
    private readonly DiagnosticBag _diagnostics = [];

    public UnitPlannerTests()
    {
        _patched = Path.Combine(_tree.Directory, "patched");
        _tree.Add("fs/proc/Makefile", "obj-y += meminfo.o stat.o\nobj-$(CONFIG_OFF) += off.o\n");
        _tree.Add("fs/Makefile", "obj-y += proc/\n");
        _tree.Add("include/config/auto.conf", "CONFIG_ON=y\n");
        Write("include/config/auto.conf", "CONFIG_ON=y\n");
        Write("fs/Makefile", "obj-y += proc/\n");
        Write("fs/proc/meminfo.c", "int changed;\n");
        Write("fs/proc/Makefile", "obj-y += meminfo.o stat.o\nobj-$(CONFIG_OFF) += off.o\n");
    }

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void a_changed_source_is_compared_with_itself() =>
        Assert.Equal([new CompileUnit("fs/proc/meminfo.o", "fs/proc/meminfo.o")], Plan(sources: ["fs/proc/meminfo.c"]).Units);

    [Fact]
    public void a_new_source_is_compared_with_nothing()
    {
        Write("fs/proc/added.c", "int added;\n");
        Write("fs/proc/Makefile", "obj-y += meminfo.o stat.o added.o\n");
        Assert.Equal([new CompileUnit("fs/proc/added.o", null)], Plan(sources: ["fs/proc/added.c"]).Units);
        Assert.Empty(_diagnostics);
    }

    [Fact]
    public void a_new_source_that_another_includes_is_part_of_that_one()
    {
        Write("fs/proc/added.c", "int added;\n");
        Write("fs/proc/meminfo.c", "#include \"added.c\"\n");
        Assert.Equal(
            [new CompileUnit("fs/proc/meminfo.o", "fs/proc/meminfo.o")], Plan(sources: ["fs/proc/meminfo.c", "fs/proc/added.c"]).Units);
    }

    [Theory]
    [InlineData("obj-y += meminfo.o stat.o\n", "does not list added.o")]
    [InlineData("obj-y += meminfo.o stat.o\nobj-$(CONFIG_OFF) += added.o\n", "CONFIG_OFF")]
    public void a_new_source_that_is_not_built_is_left_out(string makefile, string reason)
    {
        Write("fs/proc/added.c", "int added;\n");
        Write("fs/proc/Makefile", makefile);
        Assert.Equal(
            ["fs/proc/meminfo.o"], Plan(sources: ["fs/proc/meminfo.c", "fs/proc/added.c"]).Units.Select(static unit => unit.Object));
        Expect("LP0352", reason);
    }

    [Fact]
    public void a_renamed_source_is_compared_with_the_one_it_was()
    {
        Write("fs/proc/status.c", "int status;\n");
        Write("fs/proc/Makefile", "obj-y += meminfo.o status.o\n");
        Assert.Equal(
            [new CompileUnit("fs/proc/status.o", "fs/proc/stat.o")],
            Plan(sources: ["fs/proc/status.c"], renamed: ("fs/proc/status.c", "fs/proc/stat.c")).Units);
    }

    [Fact]
    public void a_renamed_source_needs_the_makefile_renamed()
    {
        Write("fs/proc/status.c", "int status;\n");
        Plan(sources: ["fs/proc/status.c"], renamed: ("fs/proc/status.c", "fs/proc/stat.c"));
        Expect("LP0353", "fs/proc/stat.c");
    }

    [Fact]
    public void a_removed_source_is_known_by_its_object()
    {
        Write("fs/proc/Makefile", "obj-y += meminfo.o\n");
        Assert.Equal(["fs/proc/stat.o"], Plan(deleted: ["fs/proc/stat.c"]).Removed);
        Assert.Empty(_diagnostics);
    }

    [Fact]
    public void a_removed_source_must_leave_the_makefile()
    {
        Plan(deleted: ["fs/proc/stat.c"]);
        Expect("LP0353", "still lists stat.o");
    }

    [Fact]
    public void a_removed_source_that_was_not_built_does_not_matter()
    {
        _tree.Add("fs/proc/off.c", "int off;\n");
        Write("fs/proc/Makefile", "obj-y += meminfo.o stat.o\n");
        Assert.Empty(Plan(deleted: ["fs/proc/off.c"]).Removed);
        Assert.Empty(_diagnostics);
    }

    [Fact]
    public void what_the_kernel_does_not_have_is_left_out_unless_there_is_nothing_else()
    {
        var built = new WithoutStat(new ListedObjects(_tree.Base));
        Plan(sources: ["fs/proc/stat.c"], built: built);
        Expect("LP0324", "It is off.");
        _diagnostics.Clear();
        Assert.Equal("fs/proc/meminfo.o", Assert.Single(Plan(sources: ["fs/proc/meminfo.c", "fs/proc/stat.c"], built: built).Units).Object);
        Expect("LP0357", "It is off.");
        Assert.False(_diagnostics.HasFatal);
    }

    [Theory]
    [InlineData("fs/proc/Makefile", "hostprogs := stat\n")]
    [InlineData("fs/proc/Makefile", "hostprogs\t+= gen\ngen-objs := gen_main.o stat.o\n")]
    [InlineData("fs/proc/Makefile", "hostprogs-always-$(CONFIG_ON) += stat\n")]
    [InlineData("fs/proc/Makefile", "userprogs := \\\n\tstat\n")]
    [InlineData("fs/Makefile", "hostprogs := proc/stat\n")]
    public void a_program_of_the_build_is_neither_run_nor_left_out(string makefile, string text)
    {
        _tree.Add(makefile, text);
        var built = new WithoutStat(new ListedObjects(_tree.Base));
        Assert.Equal("fs/proc/meminfo.o", Assert.Single(Plan(sources: ["fs/proc/meminfo.c", "fs/proc/stat.c"], built: built).Units).Object);
        Expect("LP0382", "which runs while the kernel is built");
        Assert.True(_diagnostics.HasFatal);
    }

    private void Expect(string id, string text)
    {
        var diagnostic = Assert.Single(_diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(text, diagnostic.ToString(), StringComparison.Ordinal);
    }

    private UnitPlan Plan(
        string[]? sources = null, string[]? deleted = null, (string New, string Old)? renamed = null, IBuiltObjects? built = null) =>
        new UnitPlanner(_tree.Base, built ?? new ListedObjects(_tree.Base), _patched, _diagnostics).Plan(new PatchPlan(
            sources ?? [],
            [],
            [],
            deleted ?? [],
            renamed is { } pair ? new Dictionary<string, string> { [pair.New] = pair.Old } : [],
            []));

    private void Write(string path, string text)
    {
        var file = Path.Combine(_patched, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private sealed class WithoutStat(IBuiltObjects others) : IBuiltObjects
    {
        public IReadOnlyList<string> ObjectsOf(string source) => others.ObjectsOf(source);

        public string? WhyNotBuilt(string source) => source == "fs/proc/stat.c" ? "It is off." : null;

        public bool IsLibrary(string objectPath) => others.IsLibrary(objectPath);

        public bool IsBuilt(string source) => others.IsBuilt(source);
    }
}
