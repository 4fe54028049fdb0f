using LivePatch.Core.Processes;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;

namespace LivePatch.Kbuild.Compile;

/// <summary>How Kbuild is asked for single objects in a prepared tree.</summary>
internal static class KbuildRequest
{
    /// <summary>In a patched tree no program of the build is compiled: it would be run, and the patch may have changed what it is made
    /// from.</summary>
    private static readonly string[] NoPrograms = ["HOSTCC=false", "HOSTCXX=false", "HOSTLD=false", "HOSTRUSTC=false"];

    /// <summary>One make for several objects; it goes on after one that fails.</summary>
    public static ProcessRequest For(WorkTree tree, string root, IReadOnlyList<string> objects, int jobs) => new(
        "make",
        [
            // -o: the tree is prepared; these targets count as made.
            "-C", root, "-k", $"-j{Math.Max(1, jobs)}", "-o", "prepare", "-o", "prepare0", "-o", "archprepare", "--no-print-directory",
            $"ARCH={tree.Inputs.ArchitectureName}", .. tree.Inputs.Toolchain.MakeArguments,
            $"KCFLAGS={string.Join(' ', KbuildSettings.SectionFlags)}",
            .. root == tree.Root ? [] : NoPrograms, .. objects,
        ])
    {
        Environment = Toolchain.Environment,
    };

    /// <summary>One make for programs of the kernel's build, by Rules/hostprogram.mk.</summary>
    public static ProcessRequest ForPrograms(WorkTree tree, string rules, IReadOnlyList<string> programs) => new(
        "make",
        [
            "-C", tree.Root, "--no-print-directory", $"ARCH={tree.Inputs.ArchitectureName}", .. tree.Inputs.Toolchain.MakeArguments,
            $"KLP_PROGRAMS={string.Join(' ', programs)}", "klp-host-programs",
        ])
    {
        Environment = new Dictionary<string, string?>(Toolchain.Environment) { ["MAKEFILES"] = rules },
    };
}
