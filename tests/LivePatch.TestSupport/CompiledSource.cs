using LivePatch.Elf;
using Xunit;

namespace LivePatch.TestSupport;

/// <summary>
/// A piece of C or assembly compiled to an object in a directory of its own. The compiler sees relative names
/// only, so that the object does not depend on where the directory is.
/// </summary>
public sealed class CompiledSource : IDisposable
{
    private readonly TemporaryDirectory _directory;

    private CompiledSource(TemporaryDirectory directory, string objectPath)
    {
        _directory = directory;
        ObjectPath = objectPath;
    }

    /// <summary>The object file.</summary>
    public string ObjectPath { get; }

    /// <summary>The object's bytes.</summary>
    public byte[] Bytes => File.ReadAllBytes(ObjectPath);

    /// <summary>Compiles C. Skips the running test when the compiler is missing, fails it when the source does not compile.</summary>
    /// <param name="source">The C text.</param>
    /// <param name="compiler">"gcc" or "clang".</param>
    /// <param name="flags">Compiler flags.</param>
    public static CompiledSource C(string source, string compiler = "gcc", params IReadOnlyList<string> flags) =>
        Compile("source.c", source, compiler, flags);

    /// <summary>Assembles GNU assembly with gcc's driver (so no preprocessor) or skips.</summary>
    public static CompiledSource Assembly(string source, params IReadOnlyList<string> flags) =>
        Compile("source.s", source, "gcc", flags);

    /// <summary>Reads the object from memory, so that it may be used after this is disposed.</summary>
    public ElfObject Read() => ElfObject.Read(Bytes, Path.GetFileName(ObjectPath));

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private static CompiledSource Compile(string file, string source, string compiler, IReadOnlyList<string> flags)
    {
        Tool.Require(compiler);
        var directory = new TemporaryDirectory();
        directory.Write(file, source);
        var result = Tool.RunIn(directory.Path, compiler, [.. flags, "-c", file, "-o", "source.o"]);
        if (!result.Succeeded)
        {
            directory.Dispose();
            Assert.Fail($"{compiler} {string.Join(' ', flags)}: {result.Error}");
        }

        return new CompiledSource(directory, directory.File("source.o"));
    }
}
