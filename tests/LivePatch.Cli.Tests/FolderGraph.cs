using System.Text.RegularExpressions;

namespace LivePatch.Cli.Tests;

/// <summary>
/// Which folder of a project uses which. A name in a file's code means a type when a type of that name lies in a namespace the file
/// sees: its own, one above, or one it has a using for. Comments, texts and what stands behind a dot are not looked at.
///
/// A folder is one room, unless it has folders in it: its own types are shared by those, or put them together, so each of these
/// counts alone.
/// </summary>
internal sealed partial class FolderGraph
{
    private readonly Dictionary<Room, Dictionary<Room, string>> _uses = [];

    /// <summary>Reads a project.</summary>
    /// <param name="files">Every source: its path in the project, and its text.</param>
    public FolderGraph(IEnumerable<(string Path, string Text)> files)
    {
        var sources = files.Select(static file => new Source(file.Path, file.Text))
            .Where(static source => source.Namespace.Length > 0)
            .ToList();
        var folders = sources.Select(static source => source.Folder).ToHashSet();
        Room RoomOf(Source source) => folders.Any(other => IsBelow(other, source.Folder))
            ? new Room(source.Folder, Path.GetFileName(source.Path).Split('.')[0])
            : new Room(source.Folder, string.Empty);

        var types = sources
            .SelectMany(source => source.Types.Select(type => (Type: type, source.Namespace, Room: RoomOf(source))))
            .Distinct()
            .ToLookup(static item => item.Type);
        foreach (var source in sources)
        {
            var from = RoomOf(source);
            var seen = source.Names.SelectMany(name => types[name]).Where(item => source.Sees(item.Namespace) && item.Room != from);
            foreach (var (type, _, to) in seen)
            {
                _uses.TryAdd(from, []);
                _uses[from].TryAdd(to, $"{from} uses {type} of {to} ({source.Path})");
            }
        }
    }

    private sealed record Room(string Folder, string Type)
    {
        public override string ToString() => Type.Length == 0 ? Folder : $"{Folder}/{Type}".TrimStart('/');
    }

    /// <summary>Of every circle of folders one line for each step in it.</summary>
    public IReadOnlyList<string> Cycles()
    {
        var reached = _uses.Keys.ToDictionary(static room => room, Reached);
        bool AreInOneCircle(Room left, Room right) =>
            reached[left].Contains(right) && reached.TryGetValue(right, out var back) && back.Contains(left);
        return
        [
            .. from step in _uses
               from use in step.Value
               where step.Key.Folder != use.Key.Folder && AreInOneCircle(step.Key, use.Key)
               select use.Value,
        ];
    }

    private HashSet<Room> Reached(Room start)
    {
        var reached = new HashSet<Room>();
        var open = new Stack<Room>([start]);
        while (open.TryPop(out var room))
        {
            foreach (var next in _uses.TryGetValue(room, out var uses) ? uses.Keys.Where(reached.Add) : [])
            {
                open.Push(next);
            }
        }

        return reached;
    }

    private static bool IsBelow(string folder, string parent) =>
        folder != parent && (parent.Length == 0 || folder.StartsWith(parent + "/", StringComparison.Ordinal));

    private sealed partial class Source
    {
        private readonly HashSet<string> _usings;

        public Source(string path, string text)
        {
            Path = path;
            Folder = System.IO.Path.GetDirectoryName(path) ?? string.Empty;
            Namespace = NamespaceLine().Match(text).Groups[1].Value;
            _usings = [.. UsingLine().Matches(text).Select(static match => match.Groups[1].Value)];
            Types = Declaration().Matches(text).Select(static match => match.Groups[1].Value).ToHashSet();
            Names = Name().Matches(NotCode().Replace(text, string.Empty)).Select(static match => match.Value).ToHashSet();
        }

        public string Path { get; }

        public string Folder { get; }

        public string Namespace { get; }

        public IReadOnlySet<string> Types { get; }

        public IReadOnlySet<string> Names { get; }

        public bool Sees(string other) =>
            other == Namespace || _usings.Contains(other) || Namespace.StartsWith(other + ".", StringComparison.Ordinal);

        [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
        private static partial Regex NamespaceLine();

        [GeneratedRegex(@"^using ([\w.]+);", RegexOptions.Multiline)]
        private static partial Regex UsingLine();

        /// <summary>Types that are not inside another one begin at the first column.</summary>
        [GeneratedRegex(
            @"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe) )*" +
            @"(?:class|interface|enum|struct|record struct|record class|record) (\w+)",
            RegexOptions.Multiline)]
        private static partial Regex Declaration();

        [GeneratedRegex(@"^using [^;]*;|//.*$|""(?:[^""\\\n]|\\.)*""", RegexOptions.Multiline)]
        private static partial Regex NotCode();

        [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
        private static partial Regex Name();
    }
}
