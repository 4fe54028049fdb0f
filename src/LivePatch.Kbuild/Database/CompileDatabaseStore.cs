using System.IO.Compression;
using System.Text;
using LivePatch.Core.IO;

namespace LivePatch.Kbuild.Database;

/// <summary>
/// The database on disk. A directory's lines repeat the same flags for each object, so they are compressed (a hundredth of
/// their size); one file holds all directories of a complete evaluation, and before there is one, each directory
/// that was asked for has its own. Files appear whole under their names and are checked when they are read (<see cref="SealedFile"/>): a
/// damaged one counts as one that was never made.
///
/// The complete file: the count of directories, for each its name and length, then their compressed lines.
/// </summary>
/// <param name="directory">Where the files are.</param>
/// <param name="subject">What they are of.</param>
/// <param name="onDamage">Told of each that is not whole.</param>
internal sealed class CompileDatabaseStore(string directory, string subject, Action<string> onDamage)
{
    private Dictionary<string, ReadOnlyMemory<byte>>? _index;
    private ulong _damaged;

    private const string Complete = "all";

    private string CompleteFile => Path.Combine(directory, Complete);

    /// <summary>True when all directories are there.</summary>
    public bool IsComplete
    {
        get
        {
            if (_index is null && File.Exists(CompleteFile) && FileStamp.Of(CompleteFile) is var stamp && stamp != _damaged)
            {
                _index = TryReadAll();
                _damaged = _index is null ? stamp : 0;
            }

            return _index is not null;
        }
    }

    /// <summary>Names of all directories; only when complete.</summary>
    public IReadOnlyCollection<string> Names => IsComplete ? _index!.Keys : [];

    /// <summary>Name of the file that evaluation leaves for a directory.</summary>
    public static string FileName(string name) => name.Replace('/', '+') + ".directory";

    /// <summary>The lines of a directory; null when it was not evaluated, or is not entered by Kbuild.</summary>
    public string? Find(string name)
    {
        if (IsComplete)
        {
            return _index!.TryGetValue(name, out var packed) ? Unpack(packed) : null;
        }

        var file = FileName(name);
        return SealedFile.TryRead(Path.Combine(directory, file), SubjectOf(file), onDamage) is { } bytes ? Unpack(bytes) : null;
    }

    /// <summary>Another text that is kept beside the directories; null when there is none that is whole.</summary>
    public string? FindText(string file) => SealedFile.TryReadText(Path.Combine(directory, file), SubjectOf(file), onDamage);

    /// <summary>Keeps a text.</summary>
    public void AddText(string file, string text) => SealedFile.WriteText(Path.Combine(directory, file), SubjectOf(file), text);

    /// <summary>Keeps the directories of a partial evaluation.</summary>
    public void Add(string output)
    {
        foreach (var file in Directory.EnumerateFiles(output, "*.directory"))
        {
            var name = Path.GetFileName(file);
            SealedFile.Write(Path.Combine(directory, name), SubjectOf(name), Pack(File.ReadAllBytes(file)));
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

        SealedFile.Write(CompleteFile, SubjectOf(Complete), stream.GetBuffer().AsSpan(0, (int)stream.Length));
        _index = null;
        foreach (var part in Directory.EnumerateFiles(directory, "*.directory"))
        {
            if (SealedFile.TryRead(part, SubjectOf(Path.GetFileName(part))) is not null)
            {
                File.Delete(part);
            }
        }
    }

    private static string NameOf(string file)
    {
        // The first line says it; the file's name could be of two directories.
        using var reader = new StreamReader(file);
        return reader.ReadLine()!.Split(' ')[1];
    }

    private string SubjectOf(string file) => $"{subject} database {file}";

    private Dictionary<string, ReadOnlyMemory<byte>>? TryReadAll()
    {
        if (SealedFile.TryRead(CompleteFile, SubjectOf(Complete), onDamage) is not { } bytes)
        {
            return null;
        }

        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
        var entries = new (string Name, int Length)[reader.ReadInt32()];
        for (var item = 0; item < entries.Length; item++)
        {
            entries[item] = (reader.ReadString(), reader.ReadInt32());
        }

        var index = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var offset = (int)reader.BaseStream.Position;
        foreach (var (name, length) in entries)
        {
            index[name] = bytes.Slice(offset, length);
            offset += length;
        }

        return index;
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

    private static string Unpack(ReadOnlyMemory<byte> bytes)
    {
        using var unpacker = new DeflateStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacker, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
