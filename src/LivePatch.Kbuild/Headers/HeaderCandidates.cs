using LivePatch.Core.IO;

namespace LivePatch.Kbuild.Headers;

/// <summary>
/// Finds the objects that changed files can reach through includes.
///
/// Two steps. First every file is found that may reach a changed one by name alone, which needs no search path and takes no time: for
/// most headers few are left. Then the includes of each object's source are followed along the search path of its
/// own command, through these files only: "trace.h" is forty different files, and this tells them apart.
///
/// The answer may hold too much, because conditions are not looked at; the preprocessor tells later. It must never miss
/// an object. So a name that the search path does not find means any file it fits, because it may be generated later; and a generated
/// source that does not exist yet is taken to include what any file of its directory includes, its generator among them.
/// </summary>
public sealed class HeaderCandidates
{
    private readonly IncludeIndex _index;
    private readonly string _root;
    private readonly HashSet<string> _targets;
    private readonly HashSet<string> _added;
    private readonly HashSet<string> _reaching;
    private readonly ILookup<string, string> _byName;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _byNameSpan;
    private readonly HashSet<string> _directories;
    private readonly Dictionary<string, bool> _exists = new(StringComparer.Ordinal);

    /// <summary>Finds the files that may reach the changed ones.</summary>
    /// <param name="index">The tree's includes.</param>
    /// <param name="root">The tree.</param>
    /// <param name="targets">The files that change, are new or go away.</param>
    public HeaderCandidates(IncludeIndex index, string root, IReadOnlyCollection<string> targets)
    {
        _index = index;
        _root = root;
        _targets = targets.ToHashSet(StringComparer.Ordinal);
        _added = targets.Where(path => !File.Exists(Path.Combine(root, path))).ToHashSet(StringComparer.Ordinal);
        _reaching = index.Reaching(targets);
        _byName = _reaching.ToLookup(static path => Path.GetFileName(path), StringComparer.Ordinal);
        _byNameSpan = _byName.Select(static group => group.Key).ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _directories = _reaching.Select(TreePath.DirectoryOf).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Every file that may include one of the changed ones, and these.</summary>
    public IReadOnlyCollection<string> Reaching => _reaching;

    /// <summary>The objects among the given ones that can reach a changed file, in the order they came.</summary>
    public IReadOnlyList<HeaderObject> Find(IEnumerable<HeaderObject> objects)
    {
        var groups = new Dictionary<string, Dictionary<string, bool>>(StringComparer.Ordinal);
        var found = new List<HeaderObject>();
        foreach (var item in objects)
        {
            var (source, command) = (TreePath.FromCommand(item.Source, _root), item.Command);
            var isMissing = !Exists(source);

            // Most commands need not be read: neither the source nor what the command itself includes can lead to a target.
            if (!_reaching.Contains(source) && !isMissing && !MayForce(command))
            {
                continue;
            }

            if (PreprocessorCommand.TryParse(command, _root) is not { } parsed)
            {
                // Not to be understood, so not to be left out.
                found.Add(item);
                continue;
            }

            var key = string.Join(':', parsed.Quoted) + "|" + string.Join(':', parsed.Angled);
            if (!groups.TryGetValue(key, out var known))
            {
                groups[key] = known = new Dictionary<string, bool>(StringComparer.Ordinal);
            }

            var starts = parsed.Forced.SelectMany(file => _reaching.Contains(file) ? [file] : Fitting(file)).Append(source);
            if (isMissing && _directories.Contains(TreePath.DirectoryOf(source)))
            {
                starts = starts.Concat(_reaching.Where(file => TreePath.DirectoryOf(file) == TreePath.DirectoryOf(source)));
            }

            if (starts.Any(start => Reaches(start, parsed, known)))
            {
                found.Add(item);
            }
        }

        return found;
    }

    /// <summary>True when a command may include a file on the way to a target by itself: -include, -imacros, or a macro with a file's
    /// name.</summary>
    private bool MayForce(string command)
    {
        var text = command.AsSpan();
        foreach (var range in text.SplitAny(' ', '\'', '"', '<', '>', '\\'))
        {
            var word = text[range];
            if (word.EndsWith(".h") && _byNameSpan.Contains(TreePath.NameOf(word)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Depth first without recursion; what is found to reach a target is remembered for the whole search path.</summary>
    private bool Reaches(string start, PreprocessorCommand command, Dictionary<string, bool> known)
    {
        if (known.TryGetValue(start, out var answer))
        {
            return answer;
        }

        if (!_reaching.Contains(start))
        {
            return false;
        }

        var visited = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { start };
        var pending = new Stack<string>([start]);
        var parents = new Dictionary<string, string>(StringComparer.Ordinal);
        while (pending.TryPop(out var file))
        {
            if (_targets.Contains(file) || (known.TryGetValue(file, out answer) && answer))
            {
                // The way from the start to here reaches it too.
                for (var at = file; ; at = parents[at])
                {
                    known[at] = true;
                    if (at == start)
                    {
                        return true;
                    }
                }
            }

            if (known.ContainsKey(file))
            {
                continue;
            }

            visited.Add(file);
            foreach (var include in _index.IncludesOf(file))
            {
                foreach (var next in Resolve(file, include, command))
                {
                    if (seen.Add(next))
                    {
                        parents[next] = file;
                        pending.Push(next);
                    }
                }
            }
        }

        // Everything that can be reached was looked at, and nothing led there.
        foreach (var file in visited)
        {
            known[file] = false;
        }

        return false;
    }

    /// <summary>The files on the way to a target that an include may mean.</summary>
    private IEnumerable<string> Resolve(string file, IncludeDirective include, PreprocessorCommand command)
    {
        var last = TreePath.NameOf(include.Name).ToString();
        if (!_byName.Contains(last))
        {
            return [];
        }

        if (include.Kind == IncludeKind.Anywhere)
        {
            return _byName[last];
        }

        var found = new List<string>();
        var directories = include.Kind == IncludeKind.Quoted ? command.Quoted.Prepend(TreePath.DirectoryOf(file)) : command.Angled;
        foreach (var directory in directories)
        {
            var path = TreePath.Combine(directory, include.Name);
            if (_added.Contains(path))
            {
                // With the patch it is this one, without it the search goes on.
                found.Add(path);
            }
            else if (Exists(path))
            {
                if (_reaching.Contains(path))
                {
                    found.Add(path);
                }

                return found;
            }
        }

        return found.Concat(Fitting(include.Name));
    }

    private IEnumerable<string> Fitting(string name)
    {
        var tail = TreePath.Tail(name);
        return _byName[TreePath.NameOf(tail).ToString()].Where(path => TreePath.EndsWith(path, tail));
    }

    private bool Exists(string path)
    {
        if (!_exists.TryGetValue(path, out var exists))
        {
            _exists[path] = exists = File.Exists(Path.Combine(_root, path));
        }

        return exists;
    }
}
