using LivePatch.Core.IO;
using LivePatch.Core.Processes;

namespace LivePatch.Kbuild.Headers;

/// <summary>What a recorded compile command says to the preprocessor.</summary>
/// <param name="Words">The compiler and its arguments, without what only matters for the object.</param>
/// <param name="Source">The file it compiles, as the command names it.</param>
/// <param name="Quoted">Directories searched for "name", after the including file's own; relative to the tree where they are in it.</param>
/// <param name="Angled">Directories searched for &lt;name&gt;.</param>
/// <param name="Forced">Files included before the source's first line, by path, and names that macros of the command give.</param>
internal sealed record PreprocessorCommand(
    IReadOnlyList<string> Words,
    string Source,
    IReadOnlyList<string> Quoted,
    IReadOnlyList<string> Angled,
    IReadOnlyList<string> Forced)
{
    private static readonly string[] WithValue = ["-I", "-iquote", "-isystem", "-idirafter", "-include", "-imacros"];

    /// <summary>Reads a command; null when it is not a plain compiler call on one source file.</summary>
    /// <param name="command">The shell command Kbuild runs; what follows the compiler is not looked at.</param>
    /// <param name="root">The tree's root, where the command runs.</param>
    public static PreprocessorCommand? TryParse(string command, string root)
    {
        if (ShellText.FirstCommand(command) is not { Count: > 2 } words)
        {
            return null;
        }

        var kept = new List<string>();
        string? source = null;
        List<string> quoted = [], angled = [], system = [], after = [], forced = [];
        for (var index = 0; index < words.Count; index++)
        {
            var word = words[index];
            if (word is "-c" or "-S" or "-MD" or "-MMD" or "-MP" || word.StartsWith("-Wp,-M", StringComparison.Ordinal))
            {
                continue;
            }

            if (word is "-o" or "-MF" or "-MT" or "-MQ")
            {
                index++;
                continue;
            }

            if (index > 0 && !word.StartsWith('-') && Path.GetExtension(word) is ".c" or ".S" or ".s")
            {
                source = word;
                continue;
            }

            kept.Add(word);
            if (word.StartsWith("-D", StringComparison.Ordinal) && FileInMacro(word) is { } file)
            {
                forced.Add(file);
            }

            if (Array.Find(WithValue, option => word.StartsWith(option, StringComparison.Ordinal)) is not { } found)
            {
                continue;
            }

            var value = word[found.Length..];
            if (value.Length == 0 && index + 1 < words.Count)
            {
                value = words[++index];
                kept.Add(value);
            }

            var list = found switch { "-I" => angled, "-iquote" => quoted, "-isystem" => system, "-idirafter" => after, _ => forced };
            list.Add(TreePath.FromCommand(value, root));
        }

        IReadOnlyList<string> path = [.. angled, .. system, .. after];
        return source is null ? null : new PreprocessorCommand(kept, source, [.. quoted, .. path], path, forced);
    }

    /// <summary>
    /// The call that writes the preprocessed text. Line numbers are left out: no markers, and __LINE__ and __COUNTER__ always the same, so
    /// that code that only moved is the same text. Warnings were the compile's business.
    /// </summary>
    public ProcessRequest Request(string root, string output) =>
        new(Words[0], [.. Words.Skip(1), "-w", "-D__LINE__=0", "-D__COUNTER__=0", "-E", "-P", "-o", output, Source])
        {
            WorkingDirectory = root,
            Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" },
        };

    private static string? FileInMacro(string word)
    {
        var value = word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return value.Length > 2 && value[0] is '"' or '<' && Path.GetExtension(value[1..^1]) is ".h" or ".c"
            ? TreePath.Tail(value[1..^1])
            : null;
    }
}
