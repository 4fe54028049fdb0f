using System.Text.RegularExpressions;
using LivePatch.Core.Processes;

namespace LivePatch.Kernel.Targets;

/// <summary>
/// How the compiler is called: what goes in front of it (ccache, distcc, icecc, env), the compiler, and flags that belong
/// to the call. Wrappers change where an object is compiled, never what comes out; only the compiler behind them counts
/// for checks and for cached results.
/// </summary>
/// <param name="Wrappers">Words in front of the compiler; empty when it is called directly.</param>
/// <param name="Program">The compiler: "gcc-12", "/opt/gcc/bin/gcc".</param>
/// <param name="Flags">Words behind it.</param>
public sealed partial record CompilerCommand(IReadOnlyList<string> Wrappers, string Program, IReadOnlyList<string> Flags)
{
    private static readonly string[] KnownWrappers = ["ccache", "sccache", "distcc", "icecc", "buildcache", "recc", "goma"];

    /// <summary>A compiler called directly.</summary>
    public CompilerCommand(string program)
        : this([], program, [])
    {
    }

    /// <summary>The command as a shell and make read it.</summary>
    public string Text => string.Join(' ', Words);

    /// <summary>All words.</summary>
    public IReadOnlyList<string> Words => [.. Wrappers, Program, .. Flags];

    /// <summary>Programs of the wrappers, without env and its assignments: "ccache".</summary>
    public IEnumerable<string> WrapperPrograms =>
        Wrappers.Where(static word => word != "env" && !word.Contains('=', StringComparison.Ordinal) && !word.StartsWith('-'));

    /// <summary>Takes a command apart, as it stands in CC.</summary>
    /// <param name="text">Words separated by blanks: "ccache gcc-12"; wrappers alone stand for wrappers in front of
    /// <paramref name="usual"/>.</param>
    /// <param name="usual">The compiler meant when the text names none.</param>
    /// <returns>The command; null when the text is empty.</returns>
    public static CompilerCommand? TryParse(string text, string usual)
    {
        var words = text.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return null;
        }

        var at = Array.FindIndex(words, static word => CompilerName().IsMatch(Path.GetFileName(word)));
        if (at < 0)
        {
            // A compiler of an unusual name is the first word that is no wrapper.
            at = Array.FindIndex(words, static word => !IsWrapper(word));
        }

        return at < 0
            ? new CompilerCommand(HashingTheCompiler(words), usual, [])
            : new CompilerCommand(HashingTheCompiler(words[..at]), words[at], words[(at + 1)..]);
    }

    /// <summary>The same wrappers in front of another compiler.</summary>
    public CompilerCommand With(string program) => this with { Program = program };

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', Words.Select(ShellText.Quote));

    private static bool IsWrapper(string word) =>
        word == "env" || word.StartsWith('-') || word.Contains('=', StringComparison.Ordinal)
            || KnownWrappers.Contains(Path.GetFileName(word));

    /// <summary>
    /// In "ccache distcc gcc" ccache takes distcc for the compiler, and gives out old objects after gcc itself has changed
    /// (its manual, "Using ccache with other compiler wrappers"). CCACHE_PREFIX is the form it offers instead.
    /// </summary>
    private static string[] HashingTheCompiler(string[] wrappers)
    {
        var at = Array.FindIndex(wrappers, static word => Path.GetFileName(word) == "ccache");
        return at < 0 || at == wrappers.Length - 1
            ? wrappers
            : [
                .. wrappers[..at].Where(static word => word != "env").Prepend("env"),
                "CCACHE_PREFIX=" + string.Join("\\ ", wrappers[(at + 1)..]), wrappers[at]];
    }

    [GeneratedRegex(@"^([\w.]+-)*(gcc|clang|cc)(-\d+(\.\d+)*)?$")]
    private static partial Regex CompilerName();
}
