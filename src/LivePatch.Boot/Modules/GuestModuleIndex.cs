using System.Globalization;
using System.Text;
using LivePatch.Kernel;

namespace LivePatch.Boot.Modules;

/// <summary>
/// The texts by which the guest finds its modules: for our own modprobe (<c>Guest/modprobe.sh</c>), which answers the kernel, one with
/// what to insert for each module and one with what each alias stands for; for busybox's, which check scripts get, depmod's
/// own files, cut down to what is in the guest.
/// </summary>
internal static class GuestModuleIndex
{
    /// <summary>Texts by path in the guest.</summary>
    /// <param name="release">The kernel's release.</param>
    /// <param name="modules">What is in the guest.</param>
    /// <param name="dependencies">The kernel's modules; null when nothing is known about them.</param>
    public static IReadOnlyList<(string Path, string Text)> Write(
        string release, IReadOnlyList<GuestModule> modules, ModuleDependencies? dependencies)
    {
        var paths = modules.ToDictionary(static module => module.Name, static module => module.GuestPath, StringComparer.Ordinal);
        var load = new StringBuilder();
        var names = new StringBuilder();
        var dep = new StringBuilder();
        var alias = new StringBuilder();
        foreach (var name in dependencies?.BuiltIn ?? [])
        {
            load.Append(name).Append('\n');
        }

        foreach (var module in modules)
        {
            var steps = dependencies?.LoadSequence(module.Name) ?? [new ModuleStep(module.GuestPath, false)];
            load.Append(module.Name);
            foreach (var step in steps)
            {
                if (paths.TryGetValue(ModuleName.FromPath(step.Path), out var path))
                {
                    load.Append(' ').Append(step with { Path = path });
                }
            }

            load.Append('\n');
            dep.Append(module.GuestPath).Append(':');
            foreach (var needed in dependencies?.Needs(module.Name) ?? [])
            {
                if (paths.TryGetValue(ModuleName.FromPath(needed), out var path))
                {
                    dep.Append(' ').Append(path);
                }
            }

            dep.Append('\n');
        }

        foreach (var (pattern, module) in dependencies?.Aliases ?? [])
        {
            if (paths.ContainsKey(module) && !pattern.Contains(':', StringComparison.Ordinal))
            {
                names.Append(CultureInfo.InvariantCulture, $"{pattern} {module}\n");
                alias.Append(CultureInfo.InvariantCulture, $"alias {pattern} {module}\n");
            }
        }

        return
        [
            ("verify/modules.load", load.ToString()),
            ("verify/modules.names", names.ToString()),
            ($"lib/modules/{release}/modules.dep", dep.ToString()),
            ($"lib/modules/{release}/modules.alias", alias.ToString()),
        ];
    }
}
