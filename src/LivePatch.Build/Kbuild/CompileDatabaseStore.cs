using System.IO.Compression;
using System.Text;
using LivePatch.Core.IO;

namespace LivePatch.Build.Kbuild;

/// <summary>
/// The database on disk. A directory's lines repeat the same flags for each object, so they are compressed (a hundredth of
/// their size); one file holds all directories of a complete evaluation, and before there is one, each directory
/// that was asked for has its own. Files appear whole under their names.
///
/// The complete file: the count of directories, for each its name and length, then their compressed lines.
/// </summary>
internal sealed class CompileDatabaseStore(string directory)
{
    private Dictionary<string, (long Offset, int Length)>? _index;

    private string CompleteFile => Path.Combine(directory, "all");

    /// <summary>True when all directories are there.</summary>
    public bool IsComplete => _index is not null || File.Exists(CompleteFile);

    /// <summary>Names of all directories; only when complete.</summary>
    public IReadOnlyCollection<string> Names => Index().Keys;

    /// <summary>Name of the file that evaluation leaves for a directory.</summary>
    public static string FileName(string name) => name.Replace('/', '+') + ".directory";

    /// <summary>The lines of a directory; null when it was not evaluated, or is not entered by Kbuild.</summary>
    public string? Find(string name)
    {
        if (IsComplete)
        {
            if (!Index().TryGetValue(name, out var place))
            {
                return null;
            }

            var bytes = new byte[place.Length];
            using var handle = File.OpenHandle(CompleteFile);
            RandomAccess.Read(handle, bytes, place.Offset);
            return Unpack(bytes);
        }

        var file = Path.Combine(directory, FileName(name));
        return File.Exists(file) ? Unpack(File.ReadAllBytes(file)) : null;
    }

    /// <summary>Keeps the directories of a partial evaluation.</summary>
    public void Add(string output)
    {
        foreach (var file in Directory.EnumerateFiles(output, "*.directory"))
        {
            AtomicFile.Write(Path.Combine(directory, Path.GetFileName(file)), Pack(File.ReadAllBytes(file)));
        }
    }

    /// <summary>Keeps a complete evaluation.</summary>
    public void AddComplete(string output)
    {
        var files = Directory.EnumerateFiles(output, "*.directory").Order(StringComparer.Ordinal).ToList();
        var packed = new byte[files.Count][];
        Parallel.For(0, files.Count, index => packed[index] = Pack(File.ReadAllBytes(files[index])));
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(files.Count);
            for (var index = 0; index < files.Count; index++)
            {
                writer.Write(NameOf(files[index]));
                writer.Write(packed[index].Length);
            }

            foreach (var bytes in packed)
            {
                writer.Write(bytes);
            }
        }

        AtomicFile.Write(CompleteFile, stream.GetBuffer().AsSpan(0, (int)stream.Length));
        foreach (var part in Directory.EnumerateFiles(directory, "*.directory"))
        {
            File.Delete(part);
        }
    }

    private static string NameOf(string file)
    {
        // The first line says it; the file's name could be of two directories.
        using var reader = new StreamReader(file);
        return reader.ReadLine()!.Split(' ')[1];
    }

    private Dictionary<string, (long Offset, int Length)> Index()
    {
        if (_index is not null)
        {
            return _index;
        }

        var index = new Dictionary<string, (long, int)>(StringComparer.Ordinal);
        using var stream = File.OpenRead(CompleteFile);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        var count = reader.ReadInt32();
        var entries = new (string Name, int Length)[count];
        for (var item = 0; item < count; item++)
        {
            entries[item] = (reader.ReadString(), reader.ReadInt32());
        }

        var offset = stream.Position;
        foreach (var (name, length) in entries)
        {
            index[name] = (offset, length);
            offset += length;
        }

        return _index = index;
    }

    private static byte[] Pack(byte[] text)
    {
        using var stream = new MemoryStream();
        using (var packer = new DeflateStream(stream, CompressionLevel.Fastest))
        {
            packer.Write(text);
        }

        return stream.ToArray();
    }

    private static string Unpack(byte[] bytes)
    {
        using var unpacker = new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacker, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
