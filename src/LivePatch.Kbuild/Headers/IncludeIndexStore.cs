using LivePatch.Core.IO;
using LivePatch.Kbuild.Trees;

namespace LivePatch.Kbuild.Headers;

/// <summary>
/// Makes the index of a work tree and keeps it beside the tree. The tree's directory is named after everything the tree is made
/// from, so the index holds for as long as the tree does. Files that compiles generate later are not in it; they
/// include nothing but what <see cref="HeaderCandidates"/> assumes of a generated file.
/// </summary>
public static class IncludeIndexStore
{
    private const string FileName = "includes";
    private const uint Format = 0x3149504c; // "LPI1"
    private const int LargestFile = 64 << 20;

    // Sources, what is included as if it were one, and what sources are generated from.
    private static readonly HashSet<string> Extensions =
    [
        ".c", ".h", ".S", ".inc", ".uc", ".def", ".x", ".tbl", ".sh", ".awk", ".pl", ".py", ".asn1", ".y", ".l", ".c_shipped", ".h_shipped",
        ".S_shipped",
    ];

    /// <summary>The index, from the cache when it is there.</summary>
    /// <param name="tree">The tree, which is whole.</param>
    /// <param name="onScan">Called when it must be made.</param>
    /// <param name="onDamage">Told when one was there that is damaged.</param>
    public static IncludeIndex Get(WorkTree tree, Action onScan, Action<string> onDamage)
    {
        var path = Path.Combine(tree.Directory, FileName);
        if (TryRead(path, tree.Name, onDamage) is { } known)
        {
            return known;
        }

        onScan();
        var index = Scan(tree.Root);
        Write(path, tree.Name, index);
        return index;
    }

    /// <summary>Reads every source and header below a directory.</summary>
    public static IncludeIndex Scan(string root)
    {
        var all = AllFiles(root);
        var scanned = Read(root, [.. all.Where(static path => Extensions.Contains(Path.GetExtension(path)))]);

        // Files of other names count when something includes them.
        var others =
            all.Where(static path => !Extensions.Contains(Path.GetExtension(path)))
                .ToLookup(static path => Path.GetFileName(path), StringComparer.Ordinal);
        var read = scanned.Select(static item => item.Path).ToHashSet(StringComparer.Ordinal);
        for (var more = scanned; more.Count > 0;)
        {
            var wanted =
                more.SelectMany(static item => item.Includes).Select(static include => TreePath.NameOf(include.Name).ToString()).Distinct()
                .SelectMany(name => others[name]).Where(read.Add).ToList();
            more = Read(root, wanted);
            scanned.AddRange(more);
        }

        return Build(scanned, all);
    }

    private static List<string> AllFiles(string root)
    {
        var files = new List<string>();
        var pending = new Stack<string>([string.Empty]);
        while (pending.TryPop(out var directory))
        {
            foreach (var entry in new DirectoryInfo(Path.Combine(root, directory))
                .EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
            {
                var path = directory.Length == 0 ? entry.Name : directory + "/" + entry.Name;
                if (entry is FileInfo)
                {
                    files.Add(path);
                }
                else if (path is not ("Documentation" or ".git") && entry.LinkTarget is null && !TreePath.IsTransient(entry.Name))
                {
                    pending.Push(path);
                }
            }
        }

        return files;
    }

    private static List<(string Path, List<IncludeDirective> Includes)> Read(string root, List<string> paths)
    {
        var result = new List<IncludeDirective>?[paths.Count];
        Parallel.For(0, paths.Count, static () => new byte[1 << 20], (index, _, buffer) =>
        {
            (buffer, var length) = Load(Path.Combine(root, paths[index]), buffer);
            result[index] = IncludeScanner.Scan(buffer.AsSpan(0, length));
            return buffer;
        }, static _ => { });
        return [.. paths.Select((path, index) => (path, result[index]!))];
    }

    private static (byte[] Buffer, int Length) Load(string path, byte[] buffer)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var size = RandomAccess.GetLength(file);
            if (size > LargestFile)
            {
                return (buffer, 0);
            }

            if (size > buffer.Length)
            {
                buffer = new byte[size];
            }

            var length = 0;
            while (RandomAccess.Read(file, buffer.AsSpan(length), length) is > 0 and var count)
            {
                length += count;
            }

            return (buffer, length);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A link to nowhere, or a directory: nothing can be included from it.
            return (buffer, 0);
        }
    }

    private static IncludeIndex Build(List<(string Path, List<IncludeDirective> Includes)> scanned, List<string> all)
    {
        var known = all.Select(static path => Path.GetFileName(path)).ToHashSet(StringComparer.Ordinal);
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var files = new List<string>();
        var first = new List<int>();
        var edges = new List<(int Name, IncludeKind Kind)>();
        foreach (var (path, includes) in scanned.Where(static item => item.Includes.Count > 0)
            .OrderBy(static item => item.Path, StringComparer.Ordinal))
        {
            files.Add(path);
            first.Add(edges.Count);
            foreach (var include in includes.Distinct())
            {
                // A macro may be any text in quotes; only a file's name means a file. A file of trace events names itself, to be read
                // again.
                var name = TreePath.NameOf(include.Name).ToString();
                if (include.Kind == IncludeKind.Anywhere && (!known.Contains(name) || name == Path.GetFileName(path)))
                {
                    continue;
                }

                if (!names.TryGetValue(include.Name, out var id))
                {
                    names[include.Name] = id = names.Count;
                }

                edges.Add((id, include.Kind));
            }
        }

        first.Add(edges.Count);
        return new IncludeIndex(
            [.. files], [.. names.Keys], [.. first], [
                .. edges.Select(static edge => edge.Name)], [.. edges.Select(static edge => edge.Kind)]);
    }

    private static IncludeIndex? TryRead(string path, string tree, Action<string> onDamage)
    {
        try
        {
            if (SealedFile.TryRead(path, $"{tree} {FileName}", onDamage) is not { } bytes)
            {
                return null;
            }

            using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()));
            if (reader.ReadUInt32() != Format)
            {
                return null;
            }

            var index = IncludeIndex.Read(reader);
            return reader.ReadUInt32() == Format ? index : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or OverflowException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static void Write(string path, string tree, IncludeIndex index)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Format);
        index.Write(writer);
        writer.Write(Format);
        writer.Flush();
        SealedFile.Write(path, $"{tree} {FileName}", bytes.ToArray());
    }
}
