using LivePatch.Kernel;

namespace LivePatch.Boot.Modules;

/// <summary>
/// What <c>modules.dep</c> says: one line per module, <c>PATH: PATH...</c>, where the right side lists everything
/// the module needs, directly or not, in such an order that loading it from the end to the start works (depmod(8)).
/// </summary>
internal sealed class ModuleDependencies
{
    private readonly Dictionary<string, (string Path, string[] Needs)> _modules = new(StringComparer.Ordinal);
    private readonly HashSet<string> _builtIn = new(StringComparer.Ordinal);

    private ModuleDependencies()
    {
    }

    /// <summary>Parses the two files; lines that are none of theirs are passed over.</summary>
    /// <param name="dependencies">Text of <c>modules.dep</c>.</param>
    /// <param name="builtIn">Text of <c>modules.builtin</c>, one path per line; may be empty.</param>
    public static ModuleDependencies Parse(string dependencies, string builtIn)
    {
        var result = new ModuleDependencies();
        foreach (var line in Lines(dependencies))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                continue;
            }

            var path = line[..colon];
            result._modules[ModuleName.FromPath(path)] =
                (path, line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        foreach (var line in Lines(builtIn))
        {
            result._builtIn.Add(ModuleName.FromPath(line));
        }

        return result;
    }

    /// <summary>True when the code of that module is part of the kernel image.</summary>
    public bool IsBuiltIn(string module) => _builtIn.Contains(Normalize(module));

    /// <summary>
    /// Paths to load, in this order, so that the module can be used: its dependencies, then itself. Relative to
    /// the directory of <c>modules.dep</c>, or absolute. Null when the module is not listed.
    /// </summary>
    public IReadOnlyList<string>? LoadSequence(string module)
    {
        if (!_modules.TryGetValue(Normalize(module), out var entry))
        {
            return null;
        }

        return [.. entry.Needs.Reverse(), entry.Path];
    }

    private static string Normalize(string module) => module.Replace('-', '_');

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0 && line[0] != '#');
}
