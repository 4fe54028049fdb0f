using System.Globalization;
using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel;
using LivePatch.Module.Verify;

namespace LivePatch.Boot.Modules;

/// <summary>
/// The modules of a tree a kernel was built in, which depmod has never seen: modules.order lists them in the order they are
/// to be searched, and each one says in its own .modinfo what it depends on directly, softly too, and by which names it is asked for.
/// </summary>
internal static class BuiltTreeModules
{
    /// <summary>The dependencies; null when the directory is no such tree.</summary>
    public static ModuleDependencies? TryRead(string directory, DiagnosticBag diagnostics)
    {
        var order = Path.Combine(directory, "modules.order");
        if (!File.Exists(order))
        {
            return null;
        }

        // "kernel/fs/ext2/ext2.ko" up to 6.2, where the installed place was meant; "fs/ext2/ext2.o" since.
        var paths = File.ReadLines(order)
            .Select(static line => Path.ChangeExtension(line.Trim(), ".ko"))
            .Select(
                path =>
                    path.StartsWith("kernel/", StringComparison.Ordinal) && !File.Exists(Path.Combine(directory, path))
                        ? path["kernel/".Length..]
                        : path)
            .Where(path => File.Exists(Path.Combine(directory, path)))
            .GroupBy(static path => ModuleName.FromPath(path), StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.First(), StringComparer.Ordinal);
        var text = new StringBuilder();
        var aliases = new StringBuilder();
        var soft = new StringBuilder();
        var read = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (name, path) in paths)
        {
            var needed = new List<string>();
            Collect(name, needed);

            // As in modules.dep: what is needed first stands last.
            needed.Remove(name);
            needed.Reverse();
            text.Append(path).Append(':').AppendJoin(string.Empty, needed.Select(dependency => " " + paths[dependency])).Append('\n');
        }

        var builtIn = Path.Combine(directory, "modules.builtin");
        return diagnostics.HasFatal
            ? null
            : ModuleDependencies.Parse(
                text.ToString(), File.Exists(builtIn) ? File.ReadAllText(builtIn) : string.Empty, aliases.ToString(), soft.ToString());

        void Collect(string name, List<string> loaded)
        {
            if (loaded.Contains(name) || !paths.TryGetValue(name, out var path))
            {
                return;
            }

            if (!read.TryGetValue(name, out var depends))
            {
                depends = Read(name, path);
                read.Add(name, depends);
            }

            foreach (var dependency in depends)
            {
                Collect(dependency.Replace('-', '_'), loaded);
            }

            loaded.Add(name);
        }

        string[] Read(string name, string path)
        {
            using var module = ElfObject.TryRead(Path.Combine(directory, path), diagnostics);
            if (module is null)
            {
                return [];
            }

            var facts = ModuleFacts.ReadInformation(module);
            foreach (var (key, value) in facts)
            {
                _ = key switch
                {
                    "alias" => aliases.Append(CultureInfo.InvariantCulture, $"alias {value} {name}\n"),
                    "softdep" => soft.Append(CultureInfo.InvariantCulture, $"softdep {name} {value}\n"),
                    _ => text,
                };
            }

            return ModuleFactsExtensions.Depends(facts);
        }
    }
}
