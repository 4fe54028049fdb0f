using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;

namespace LivePatch.Cli.Commands;

/// <summary>
/// Where results go, checked before anything is done: never over a file that was given to be read, and never over what is not an earlier
/// result of this tool. That is told by what a file is, not by its name, which is the user's to choose.
/// </summary>
internal static class OutputPlace
{
    private const int Looked = 1 << 16;

    /// <summary>Checks where a module and its directory will go.</summary>
    /// <param name="output">The directory for both.</param>
    /// <param name="name">The module's name.</param>
    /// <param name="inputs">Files that are read.</param>
    /// <exception cref="DiagnosticException">LP0905, LP0906.</exception>
    public static void CheckModule(string output, string name, IEnumerable<string?> inputs)
    {
        string module = Path.Combine(output, name + ".ko"), sources = Path.Combine(output, name);
        CheckFile(
            module,
            inputs,
            static start => IsElf(start) && Holds(start, "klp_patch_sha256="),
            "a livepatch module made by klp-build",
            whole: true);
        if (new FileInfo(sources) is { LinkTarget: not null })
        {
            throw new DiagnosticException(
                CliDiagnostics.OutputIsForeign.At(sources, "It is a link, and the module's directory would be written where it leads."));
        }

        if (File.Exists(sources))
        {
            throw new DiagnosticException(
                CliDiagnostics.OutputIsForeign.At(sources, "It is a file, and the module's directory goes there."));
        }

        if (Directory.Exists(sources) && Directory.EnumerateFileSystemEntries(sources).Any()
            && !(TryStart(Path.Combine(sources, "README"), whole: false) is { } readme && Holds(readme, "Made by klp-build ")))
        {
            throw new DiagnosticException(
                CliDiagnostics.OutputIsForeign.At(
                    sources, "The directory holds something, and has no README of an earlier livepatch made by klp-build."));
        }
    }

    /// <summary>Checks the file for a result in JSON.</summary>
    public static void CheckJson(string? path, IEnumerable<string?> inputs) =>
        CheckFile(
            path,
            inputs,
            static start => start.AsSpan().TrimStart((byte)' ') is [(byte)'{', ..] && Holds(start, "\"diagnostics\":"),
            "a result of klp-build in JSON",
            whole: true);

    /// <summary>Checks the file for a kernel's log.</summary>
    public static void CheckLog(string path, IEnumerable<string?> inputs) =>
        CheckFile(
            path,
            inputs,
            static start => Holds(start, "Linux version ") || Holds(start, "==== the guest's report:"),
            "a log of klp-build verify",
            whole: true);

    /// <summary>Checks the file for an object or a module.</summary>
    public static void CheckElf(string? path, IEnumerable<string?> inputs) =>
        CheckFile(path, inputs, IsElf, "an object file", whole: false);

    /// <summary>Writes a result in JSON; what is no file (a pipe, a terminal) is written to and not replaced.</summary>
    /// <exception cref="DiagnosticException">It cannot be written (LP0002).</exception>
    public static void WriteJson(string path, string text)
    {
        if (!IsStream(path))
        {
            AtomicFile.WriteText(path, text);
            return;
        }

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(path, problem.Message));
        }
    }

    private static void CheckFile(string? path, IEnumerable<string?> inputs, Func<byte[], bool> isOurs, string expected, bool whole)
    {
        if (path is null || IsStream(path))
        {
            return;
        }

        var real = RealPath.Of(path);
        if (inputs.FirstOrDefault(input => input is not null && RealPath.Of(input) == real) is { } same)
        {
            throw new DiagnosticException(
                CliDiagnostics.OutputIsInput.At(path, path == same ? "It is read as well." : $"It is {same}, which is read as well."));
        }

        if (new FileInfo(path) is { LinkTarget: { } target })
        {
            throw new DiagnosticException(CliDiagnostics.OutputIsForeign.At(path, $"It is a link to {target}."));
        }

        if (Directory.Exists(path))
        {
            throw new DiagnosticException(CliDiagnostics.OutputIsForeign.At(path, "It is a directory."));
        }

        if (TryStart(path, whole) is { Length: > 0 } start && !isOurs(start))
        {
            throw new DiagnosticException(CliDiagnostics.OutputIsForeign.At(path, $"It is there, and is not {expected}."));
        }
    }

    /// <summary>True for devices and open files by their names, /dev/stdout among them. A named pipe elsewhere is replaced like a file that
    /// is empty.</summary>
    private static bool IsStream(string path) =>
        Path.GetFullPath(path) is var full
            && (full.StartsWith("/dev/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal));

    private static bool IsElf(byte[] start) => start is [0x7f, (byte)'E', (byte)'L', (byte)'F', ..];

    private static bool Holds(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;

    /// <summary>A file's bytes, all or the first; null when it is not there.</summary>
    private static byte[]? TryStart(string path, bool whole)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[Math.Min(file.Length, whole ? 64 << 20 : Looked)];
            return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(
                CoreDiagnostics.CannotRead.At(path, $"It would be replaced, and cannot be looked at: {problem.Message}"));
        }
    }
}
