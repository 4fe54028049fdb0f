using LivePatch.Core.Diagnostics;
using LivePatch.Kernel;
using LivePatch.Kernel.Images;
using LivePatch.Module.Target;
using LivePatch.Module.Verify;

namespace LivePatch.Pipeline.OutOfTree;

/// <summary>A module file the user names.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">The module's run-time name.</param>
/// <param name="Release">The kernel it is for, from its vermagic.</param>
public sealed record GivenModule(string Path, string Name, string Release)
{
    /// <summary>Everything a source's build may export or use: the modules given, the source's own Module.symvers, and the
    /// files in KBUILD_EXTRA_SYMBOLS.</summary>
    internal static AdditionalModules Additional(
        OutOfTreeOptions options, IReadOnlyList<GivenModule> modules, MakeArgumentList arguments) =>
        new(
            modules.DistinctBy(static module => module.Name).ToDictionary(static module => module.Name, static module => module.Path),
            [
                .. arguments.ExtraSymbols.Prepend("Module.symvers")
                    .Select(file => System.IO.Path.Combine(options.SourceDirectory, file))
                    .Where(File.Exists)]);

    /// <summary>Reads what the files say of themselves.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="release">The target the user named; null when the modules decide.</param>
    /// <param name="diagnostics">Receives what is wrong with them (LP0001, LP01xx, LP0361, LP0368).</param>
    /// <returns>The modules, or null when a fatal diagnostic was added.</returns>
    public static IReadOnlyList<GivenModule>? TryRead(IReadOnlyList<string> paths, string? release, DiagnosticBag diagnostics)
    {
        var modules = new List<GivenModule>();
        foreach (var path in paths)
        {
            using var elf = ModuleFile.TryRead(path, diagnostics);
            if (elf is null)
            {
                continue;
            }

            var facts = ModuleFacts.Read(elf);
            if (facts.Release is not { } told)
            {
                diagnostics.Add(OutOfTreeDiagnostics.NotAModule.At(path, "It has no vermagic, so it is no linked kernel module."));
            }
            else if (told != (release ?? modules.FirstOrDefault()?.Release ?? told))
            {
                diagnostics.Add(OutOfTreeDiagnostics.OtherKernel.At(
                    path,
                    $"Its vermagic says {told}, and {(release is null ? $"{modules[0].Path} is of" : "the target is")} "
                        + $"{release ?? modules[0].Release}."));
            }
            else
            {
                modules.Add(new GivenModule(path, (facts.Value("name") ?? ModuleName.FromPath(path)).Replace('-', '_'), told));
            }
        }

        return modules.Count == paths.Count ? modules : null;
    }
}
