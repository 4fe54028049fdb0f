using LivePatch.Core.IO;

namespace LivePatch.Kbuild.Headers;

/// <summary>What every file of a tree includes, by name, and the other way round.</summary>
public sealed class IncludeIndex
{
    private readonly string[] _files;
    private readonly string[] _names;
    private readonly int[] _first;
    private readonly int[] _edgeName;
    private readonly IncludeKind[] _edgeKind;
    private readonly Dictionary<string, int> _fileIds;
    private readonly Lazy<(string[] Tails, Dictionary<string, List<(int File, int Edge)>> ByName)> _reverse;

    /// <summary>Puts an index together.</summary>
    /// <param name="files">Paths, in ordinal order.</param>
    /// <param name="names">Included names.</param>
    /// <param name="first">For each file, and one beyond, its first edge.</param>
    /// <param name="edgeName">For each edge, its name.</param>
    /// <param name="edgeKind">For each edge, where the name is looked for.</param>
    public IncludeIndex(string[] files, string[] names, int[] first, int[] edgeName, IncludeKind[] edgeKind)
    {
        (_files, _names, _first, _edgeName, _edgeKind) = (files, names, first, edgeName, edgeKind);
        _fileIds = new Dictionary<string, int>(files.Length, StringComparer.Ordinal);
        for (var file = 0; file < files.Length; file++)
        {
            _fileIds[files[file]] = file;
        }

        _reverse = new(Reverse);
    }

    /// <summary>How many files there are.</summary>
    public int Count => _files.Length;

    /// <summary>The files that have includes, in ordinal order.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>True when the tree had the file and it includes something.</summary>
    public bool Contains(string path) => _fileIds.ContainsKey(path);

    /// <summary>What a file includes; nothing when it is not known.</summary>
    public IEnumerable<IncludeDirective> IncludesOf(string path)
    {
        if (!_fileIds.TryGetValue(path, out var file))
        {
            yield break;
        }

        for (var edge = _first[file]; edge < _first[file + 1]; edge++)
        {
            yield return new IncludeDirective(_names[_edgeName[edge]], _edgeKind[edge]);
        }
    }

    /// <summary>True when some file may include this one.</summary>
    public bool IsIncluded(string path)
    {
        var (tails, byName) = _reverse.Value;
        return byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(TreePath.NameOf(path), out var edges)
            && edges.Exists(item => _files[item.File] != path
                && (_edgeKind[item.Edge] == IncludeKind.Anywhere || TreePath.EndsWith(path, tails[_edgeName[item.Edge]])));
    }

    /// <summary>
    /// Every file that may include one of the given ones, directly or through others; the given ones are in it. A name may mean any
    /// file whose path ends with it, so no search path is needed and no includer is missed; some are found too much.
    /// </summary>
    public HashSet<string> Reaching(IEnumerable<string> targets)
    {
        var (tails, byName) = _reverse.Value;
        var reached = new HashSet<string>(targets, StringComparer.Ordinal);
        var queue = new Queue<string>(reached);
        var lookup = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        while (queue.TryDequeue(out var path))
        {
            if (!lookup.TryGetValue(TreePath.NameOf(path), out var edges))
            {
                continue;
            }

            foreach (var (file, edge) in edges)
            {
                if ((_edgeKind[edge] == IncludeKind.Anywhere || TreePath.EndsWith(path, tails[_edgeName[edge]]))
                    && reached.Add(_files[file]))
                {
                    queue.Enqueue(_files[file]);
                }
            }
        }

        return reached;
    }

    /// <summary>Writes the index; <see cref="Read"/> reads it.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_files.Length);
        foreach (var file in _files)
        {
            writer.Write(file);
        }

        writer.Write(_names.Length);
        foreach (var name in _names)
        {
            writer.Write(name);
        }

        foreach (var edge in _first)
        {
            writer.Write(edge);
        }

        for (var edge = 0; edge < _edgeName.Length; edge++)
        {
            writer.Write((_edgeName[edge] << 2) | (int)_edgeKind[edge]);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="IOException">It is cut short.</exception>
    public static IncludeIndex Read(BinaryReader reader)
    {
        var files = new string[reader.ReadInt32()];
        for (var file = 0; file < files.Length; file++)
        {
            files[file] = reader.ReadString();
        }

        var names = new string[reader.ReadInt32()];
        for (var name = 0; name < names.Length; name++)
        {
            names[name] = reader.ReadString();
        }

        var first = new int[files.Length + 1];
        for (var file = 0; file < first.Length; file++)
        {
            first[file] = reader.ReadInt32();
        }

        var edgeName = new int[first[^1]];
        var edgeKind = new IncludeKind[edgeName.Length];
        for (var edge = 0; edge < edgeName.Length; edge++)
        {
            var packed = reader.ReadInt32();
            (edgeName[edge], edgeKind[edge]) = (packed >> 2, (IncludeKind)(packed & 3));
        }

        return new IncludeIndex(files, names, first, edgeName, edgeKind);
    }

    private (string[] Tails, Dictionary<string, List<(int File, int Edge)>> ByName) Reverse()
    {
        var tails = Array.ConvertAll(_names, TreePath.Tail);
        var byNameId = new List<(int File, int Edge)>?[_names.Length];
        var byName = new Dictionary<string, List<(int File, int Edge)>>(_names.Length, StringComparer.Ordinal);
        var lookup = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var file = 0; file < _files.Length; file++)
        {
            for (var edge = _first[file]; edge < _first[file + 1]; edge++)
            {
                var name = _edgeName[edge];
                if (byNameId[name] is not { } list)
                {
                    var last = TreePath.NameOf(tails[name]);
                    if (!lookup.TryGetValue(last, out list))
                    {
                        lookup[last] = list = [];
                    }

                    byNameId[name] = list;
                }

                list.Add((file, edge));
            }
        }

        return (tails, byName);
    }
}
