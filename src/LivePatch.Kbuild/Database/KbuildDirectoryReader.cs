using LivePatch.Core.IO;
using LivePatch.Kernel;

namespace LivePatch.Kbuild.Database;

/// <summary>Reads the lines that Rules/directory.mk writes for a directory.</summary>
internal sealed class KbuildDirectoryReader(KbuildSettings settings, KbuildTop top)
{
    private readonly Dictionary<string, List<ObjectOwner>> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Rule, string? Source, string Command)> _commands = new(StringComparer.Ordinal);
    private readonly HashSet<string> _library = new(StringComparer.Ordinal);
    private readonly List<string> _subdirectories = [];
    private readonly List<string> _configuredOut = [];
    private string _directory = string.Empty;
    private bool _isBuiltIn;
    private bool _isModular;

    public static KbuildDirectory Read(string text, KbuildSettings settings, KbuildTop top)
    {
        var reader = new KbuildDirectoryReader(settings, top);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            reader.ReadLine(line[0], line.Length > 2 ? line[2..] : string.Empty);
        }

        return reader.Finish();
    }

    private void ReadLine(char kind, string rest)
    {
        switch (kind)
        {
            case 'D':
                var words = Words(rest);
                _directory = words[0];
                _isBuiltIn = words.Length > 1 && words[1].Contains('b', StringComparison.Ordinal);
                _isModular = words.Length > 1 && words[1].Contains('m', StringComparison.Ordinal);
                break;
            case 'Y':
                AddBuiltIn(Words(rest), _isBuiltIn);
                break;
            case 'X':
                AddBuiltIn(Words(rest).Where(top.HeadObjects.Contains), true);
                AddBuiltIn(Words(rest).Where(item => !top.HeadObjects.Contains(item)), false);
                break;
            case 'A':
                AddBuiltIn(Words(rest), false);
                break;
            case 'L':
                var objects = Words(rest);
                _library.UnionWith(objects);
                AddBuiltIn(objects, top.LibraryDirectories.Contains(_directory));
                break;
            case 'M':
                AddModule(Words(rest));
                break;
            case 'S':
                _subdirectories.AddRange(Words(rest).Select(Normal));
                break;
            case 'N':
                _configuredOut.AddRange(Words(rest).Select(Normal));
                break;
            case 'O':
                var parts = rest.Split(' ', 4);
                if (parts.Length == 4)
                {
                    _commands[parts[0]] = (parts[1], parts[2] == "-" ? null : SourceOf(parts[2]), parts[3].Trim());
                }

                break;
        }
    }

    private void AddBuiltIn(IEnumerable<string> objects, bool isLinked)
    {
        foreach (var item in objects)
        {
            var owners = OwnersOf(item);
            if (isLinked && !owners.Exists(static owner => owner.ModuleFile is null))
            {
                owners.Add(ObjectOwner.Vmlinux);
            }
        }
    }

    private void AddModule(string[] words)
    {
        if (!_isModular || words.Length == 0)
        {
            return;
        }

        var file = Path.ChangeExtension(Normal(words[0]), ".ko");
        var owner = ObjectOwner.Module(file);
        foreach (var part in words.Length > 1 ? words.Skip(2) : [words[0]])
        {
            if (part.EndsWith(".o", StringComparison.Ordinal) && !OwnersOf(part).Contains(owner))
            {
                OwnersOf(part).Add(owner);
            }
        }
    }

    private List<ObjectOwner> OwnersOf(string item)
    {
        if (!_owners.TryGetValue(item, out var owners))
        {
            _owners.Add(item, owners = []);
        }

        return owners;
    }

    private KbuildDirectory Finish()
    {
        var objects = new List<KbuildObject>();
        foreach (var path in _owners.Keys.Concat(_commands.Keys.Where(item => !_owners.ContainsKey(item))))
        {
            var has = _commands.TryGetValue(path, out var command);
            objects.Add(new KbuildObject(
                Normal(path),
                _directory,
                has ? command.Source : null,
                has ? command.Rule : null,
                has ? new CompileCommand(path, command.Command) : null,
                _owners.TryGetValue(path, out var owners) ? owners : [],
                _library.Contains(path)));
        }

        return new KbuildDirectory(_directory, objects, _subdirectories, _configuredOut);
    }

    /// <summary>A source's path from the source directory.</summary>
    private string SourceOf(string path)
    {
        if (settings.BuildDirectory == settings.SourceDirectory && !Path.IsPathRooted(path))
        {
            return Normal(path);
        }

        // In a build directory of its own, what is generated lies there and everything else in the source.
        var full = Path.GetFullPath(path, settings.BuildDirectory);
        foreach (var root in (string[])[settings.BuildDirectory, settings.SourceDirectory])
        {
            if (full.StartsWith(root + "/", StringComparison.Ordinal))
            {
                return full[(root.Length + 1)..];
            }
        }

        return full;
    }

    private static string Normal(string path) => TreePath.Combine(string.Empty, path);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
