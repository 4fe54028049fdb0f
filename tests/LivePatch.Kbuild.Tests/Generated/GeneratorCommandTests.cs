using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Generated;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Generated;

/// <summary>What commands of the kernel's makefiles read, and what of it they run.</summary>
public sealed class GeneratorCommandTests : IDisposable
{
    private readonly TemporaryDirectory _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("perl ./lib/build_OID_registry include/linux/oid_registry.h lib/data.c", "include/linux/oid_registry.h", true)]
    [InlineData("perl ./lib/build_OID_registry include/linux/oid_registry.h lib/data.c", "lib/build_OID_registry", false)]
    [InlineData("sh ./scripts/syscalltbl.sh --abis common,64 arch/x86/syscall_64.tbl out.h", "arch/x86/syscall_64.tbl", true)]
    [InlineData("sh ./scripts/syscalltbl.sh --abis common,64 arch/x86/syscall_64.tbl out.h", "scripts/syscalltbl.sh", false)]
    [InlineData("sh -e scripts/table arch/x86/syscall_64.tbl", "scripts/table", false)]
    [InlineData("awk -v N=1 -f ./lib/raid6/unroll.awk < lib/raid6/int.uc > lib/raid6/int1.c", "lib/raid6/int.uc", true)]
    [InlineData("awk -v N=1 -f ./lib/raid6/unroll.awk < lib/raid6/int.uc > lib/raid6/int1.c", "lib/raid6/unroll.awk", false)]
    [InlineData("awk -f lib/program lib/data.txt", "lib/program", false)]
    [
        InlineData(
            "drivers/gpu/drm/radeon/mkregtable drivers/gpu/drm/radeon/reg_srcs/r100 > r100.h",
            "drivers/gpu/drm/radeon/reg_srcs/r100",
            true)]
    [
        InlineData(
            "drivers/gpu/drm/radeon/mkregtable drivers/gpu/drm/radeon/reg_srcs/r100 > r100.h", "drivers/gpu/drm/radeon/mkregtable", false)]
    [InlineData("TOPDIR=. drivers/map > map.h", "drivers/map", false)]
    [InlineData("{ echo 250 | bc -q kernel/time/timeconst.bc; } > timeconst.h", "kernel/time/timeconst.bc", false)]
    [InlineData("cat drivers/tty/vt/defkeymap.c_shipped > drivers/tty/vt/defkeymap.c", "drivers/tty/vt/defkeymap.c_shipped", true)]
    [InlineData("gcc -o lib/gen lib/gen.c", "lib/gen.c", false)]
    [InlineData(". lib/settings.txt; echo $X > x.h", "lib/settings.txt", false)]
    public void what_is_run_is_no_data(string command, string path, bool isData) =>
        Assert.Equal(isData, GeneratorCommand.IsData(File(command), path, _tree.Path));

    [Fact]
    public void a_script_is_no_data_whatever_it_is_called()
    {
        _tree.Write("table.tbl", "#!/bin/sh\n");
        Assert.False(GeneratorCommand.IsData(File("./mk table.tbl"), "table.tbl", _tree.Path));
        _tree.Write("table.tbl", "# a table\n");
        Assert.True(GeneratorCommand.IsData(File("./mk table.tbl"), "table.tbl", _tree.Path));
    }

    /// <summary>makemapdata of speakup opens headers that no makefile names.</summary>
    [Fact]
    public void files_that_a_program_opens_by_itself_are_inputs()
    {
        Directory.CreateDirectory(Path.Combine(_tree.Path, "include/linux"));
        _tree.Write("mkmap.c", "int main(void) { return open_input(\"include/linux/keys.h\") + open_input(\"include/linux/none.h\"); }\n");
        _tree.Write("include/linux/keys.h", "#define KEY 1\n");
        Assert.Equal(
            ["include/linux/keys.h", "map.h", "mkmap", "other.tbl"],
            GeneratorCommand.Inputs(File("./mkmap other.tbl > map.h") with { Prerequisites = ["mkmap"] }, _tree.Path)
                .Order(StringComparer.Ordinal));
    }

    private static GeneratedFile File(string command) =>
        new("made.h", ".", command.StartsWith("gcc", StringComparison.Ordinal) ? "host-csingle" : "make", [], command);
}
