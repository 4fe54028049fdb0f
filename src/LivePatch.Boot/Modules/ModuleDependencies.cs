using System.IO.Enumeration;
using LivePatch.Kernel;

namespace LivePatch.Boot.Modules;

/// <summary>
/// What depmod's text indexes say. <c>modules.dep</c> has one line per module, <c>PATH: PATH...</c>, where the right side lists
/// everything the module needs, directly or not, in such an order that loading it from the end to the start works (depmod(8)).
/// <c>modules.softdep</c> has what should be loaded before and after a module and may be missing, by names or aliases;
/// <c>modules.alias</c> has the names and patterns a module answers to (modprobe.d(5)).
///
/// Soft dependencies are followed as kmod does: those of every module on the way, before it or behind it, and all modules an
/// alias fits.
/// </summary>
internal sealed class ModuleDependencies
{
    private readonly Dictionary<string, (string Path, string[] Needs)> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (List<string> Before, List<string> Behind)> _soft = new(StringComparer.Ordinal);
    private readonly HashSet<string> _builtIn = new(StringComparer.Ordinal);
    private readonly List<(string Pattern, string Module)> _aliases = [];
    private readonly Dictionary<string, List<string>> _exact = new(StringComparer.Ordinal);
    private readonly List<(string Pattern, string Module)> _patterns = [];

    private ModuleDependencies()
    {
    }

    /// <summary>Names of all modules that are files.</summary>
    public IReadOnlyCollection<string> Names => _modules.Keys;

    /// <summary>Names of the modules that are part of the kernel image.</summary>
    public IReadOnlyCollection<string> BuiltIn => _builtIn;

    /// <summary>Aliases, which may be patterns, with the module they stand for; both with underscores only.</summary>
    public IReadOnlyList<(string Pattern, string Module)> Aliases => _aliases;

    /// <summary>Parses the indexes; lines that are none of theirs are passed over.</summary>
    /// <param name="dependencies">Text of <c>modules.dep</c>.</param>
    /// <param name="builtIn">Text of <c>modules.builtin</c>, one path per line; may be empty.</param>
    /// <param name="aliases">Text of <c>modules.alias</c>; may be empty.</param>
    /// <param name="softDependencies">Text of <c>modules.softdep</c>; may be empty.</param>
    public static ModuleDependencies Parse(string dependencies, string builtIn, string aliases = "", string softDependencies = "")
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

        foreach (var words in Lines(aliases).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (words is ["alias", var pattern, var module])
            {
                result.AddAlias(Normalize(pattern), Normalize(module));
            }
        }

        foreach (var words in Lines(softDependencies).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (words is ["softdep", var module, ..])
            {
                result.AddSoft(Normalize(module), words[2..]);
            }
        }

        return result;
    }

    /// <summary>True when the code of that module is part of the kernel image.</summary>
    public bool IsBuiltIn(string module) => _builtIn.Contains(Normalize(module));

    /// <summary>The file of a module; null when it is not listed.</summary>
    public string? PathOf(string module) => _modules.TryGetValue(Normalize(module), out var entry) ? entry.Path : null;

    /// <summary>Files a module cannot be loaded without, in <c>modules.dep</c>'s own order.</summary>
    public IReadOnlyList<string> Needs(string module) => _modules.TryGetValue(Normalize(module), out var entry) ? entry.Needs : [];

    /// <summary>The modules a name stands for: the module of that name, else all that have it as an alias.</summary>
    public IReadOnlyList<string> Resolve(string nameOrAlias)
    {
        var name = Normalize(nameOrAlias);
        return _modules.ContainsKey(name)
            ? [name]
            : [
                .. _exact.GetValueOrDefault(name, []),
                .. _patterns.Where(alias => FileSystemName.MatchesSimpleExpression(alias.Pattern, name, ignoreCase: false))
                    .Select(static alias => alias.Module)];
    }

    /// <summary>
    /// What to insert, in this order, so that the module can be used: its dependencies and what should be there before it, itself, and
    /// what should come behind it. Null when the module is not listed.
    /// </summary>
    public IReadOnlyList<ModuleStep>? LoadSequence(string module)
    {
        var steps = new List<ModuleStep>();
        return Collect(Normalize(module), optional: false, steps, []) ? steps : null;
    }

    private bool Collect(string module, bool optional, List<ModuleStep> steps, HashSet<string> onTheWay)
    {
        if (!_modules.TryGetValue(module, out var entry))
        {
            return false;
        }

        var known = steps.FindIndex(step => step.Path == entry.Path);
        if (known >= 0 && (optional || !steps[known].IsOptional))
        {
            return true;
        }

        if (!onTheWay.Add(module))
        {
            return true;
        }

        var (before, behind) = _soft.GetValueOrDefault(module, ([], []));
        foreach (var soft in before.SelectMany(Resolve))
        {
            Collect(soft, optional: true, steps, onTheWay);
        }

        foreach (var needed in entry.Needs.Reverse())
        {
            // A file without a line of its own: depmod would have written one.
            if (!Collect(ModuleName.FromPath(needed), optional, steps, onTheWay) && !steps.Exists(step => step.Path == needed))
            {
                steps.Add(new ModuleStep(needed, optional));
            }
        }

        known = steps.FindIndex(step => step.Path == entry.Path);
        if (known < 0)
        {
            steps.Add(new ModuleStep(entry.Path, optional));
        }
        else if (!optional)
        {
            steps[known] = steps[known] with { IsOptional = false };
        }

        foreach (var soft in behind.SelectMany(Resolve))
        {
            Collect(soft, optional: true, steps, onTheWay);
        }

        onTheWay.Remove(module);
        return true;
    }

    private void AddAlias(string pattern, string module)
    {
        _aliases.Add((pattern, module));
        if (pattern.AsSpan().IndexOfAny('*', '?', '[') >= 0)
        {
            _patterns.Add((pattern, module));
        }
        else if (_exact.TryGetValue(pattern, out var modules))
        {
            modules.Add(module);
        }
        else
        {
            _exact.Add(pattern, [module]);
        }
    }

    /// <summary>Words are "pre:" and "post:", each with names behind it; kmod passes over names in front of both.</summary>
    private void AddSoft(string module, string[] words)
    {
        if (!_soft.TryGetValue(module, out var entry))
        {
            entry = ([], []);
            _soft.Add(module, entry);
        }

        List<string>? list = null;
        foreach (var word in words)
        {
            switch (word)
            {
                case "pre:":
                    list = entry.Before;
                    break;
                case "post:":
                    list = entry.Behind;
                    break;
                default:
                    list?.Add(word);
                    break;
            }
        }
    }

    private static string Normalize(string module) => module.Replace('-', '_');

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0 && line[0] != '#');
}
