using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Database;
using LivePatch.TestSupport;

namespace LivePatch.Kbuild.Tests.Database;

/// <summary>
/// A tree with makefiles of the kernel's form, and a few lines of our own in the place of Kbuild: they make the lists and rules that
/// the database reads. What Kbuild itself does with makefiles is tested with a real kernel.
/// </summary>
internal sealed class SmallTree : IBuildProgress, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public SmallTree()
    {
        Tool.Require("make");
        Write("Makefile", """
            export srctree := .
            export objtree := .
            export CONFIG_ON := y
            build-dir := .
            libs-y := lib/
            """);
        Write("scripts/Makefile.build", """
            src := $(obj)
            include $(or $(wildcard $(obj)/Kbuild),$(obj)/Makefile)
            kept := $(obj-y)
            path := $(if $(filter .,$(obj)),,$(obj)/)
            parts = $(foreach o,$(filter %.o,$1),$(or $($(o:.o=-y)),$o))
            subdir-ym := $(addprefix $(path),$(patsubst %/,%,$(filter %/,$(obj-y) $(obj-m))))
            real-obj-y := $(addprefix $(path),$(call parts,$(obj-y)))
            real-obj-m := $(addprefix $(path),$(call parts,$(obj-m)))
            obj-m := $(addprefix $(path),$(filter %.o,$(obj-m)))
            lib-y := $(addprefix $(path),$(lib-y))
            cmd_cc_o_c = cc $(ccflags-y) -c -o $@ $<
            $(obj)/%.o: $(src)/%.c
            	$(call if_changed_rule,cc_o_c)
            .PHONY: $(subdir-ym)
            $(subdir-ym):
            	$(MAKE) $(build)=$@ need-builtin=$(if $(filter $(notdir $@)/,$(kept)),$(need-builtin)) need-modorder=1
            """);
    }

    /// <summary>The tree's top.</summary>
    public string Root => Path.Combine(_directory.Path, "tree");

    /// <summary>Where the database is kept.</summary>
    public string DatabaseDirectory => Path.Combine(_directory.Path, "database");

    public void Write(string path, string text)
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
    }

    /// <summary>A database that knows nothing yet but what an earlier one of this tree left.</summary>
    public CompileDatabase Database() =>
        new(new KbuildSettings(Root, Root, DatabaseDirectory, []), "x86", new ProcessRunner(), this);

    public void Stage(string stage)
    {
    }

    public void Log(string line)
    {
    }

    public void Dispose() => _directory.Dispose();
}
