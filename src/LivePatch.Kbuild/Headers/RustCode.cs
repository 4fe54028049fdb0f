using LivePatch.Core.IO;
using LivePatch.Kbuild.Database;
using LivePatch.Kernel;

namespace LivePatch.Kbuild.Headers;

/// <summary>
/// The kernel's Rust code as far as C headers concern it.
///
/// The problem: Rust objects are no candidates of a header's patch. They include nothing, nobody can livepatch them, and without a Rust
/// compiler make cannot even say how they are built. But their view of C is generated (bindgen) from one file of includes, and
/// holds constants, types and prototypes as they were: code that uses a changed one keeps the old.
///
/// The approach: what a header loses or says otherwise is cut out of its two texts, the names it declares are taken, and
/// looked for as words in the Rust sources. Any word counts, understood or not, so that nothing is missed. What is only new
/// in a header is used by no Rust code yet. A condition that changes counts as a change of everything in the header.
///
/// Bodies of inline functions are compiled by C for Rust code to call (rust/helpers). That object is a candidate as others are, but
/// its rule is one for Rust and gives no command: the preprocessor gets that of another object of the image, whose search path and macros
/// are the same. Where it reads differently that is the end, because Rust code may hold the helpers inlined (CONFIG_RUST_INLINE_HELPERS,
/// Linux 7.2).
/// </summary>
/// <param name="root">The unpatched tree.</param>
/// <param name="objects">What the configuration builds.</param>
internal sealed class RustCode(string root, IReadOnlyCollection<KbuildObject> objects)
{
    private const string Directory = "rust";

    // What bindgen reads (rust/Makefile, Linux 6.1 to 7.2).
    private static readonly string[] Readers = ["rust/bindings/bindings_helper.h", "rust/uapi/uapi_helper.h"];

    /// <summary>True for an object that is made from Rust.</summary>
    public bool Has(KbuildObject item) =>
        Path.GetExtension(item.Source) == ".rs"
        || (
            item.Source is null && !Exists(item, ".c") && !Exists(item, ".S")
                && (Exists(item, ".rs") || item.Path.StartsWith(Directory + "/", StringComparison.Ordinal)));

    /// <summary>The object as one to be searched and preprocessed like others when it is C that Rust code calls; null for others.</summary>
    public HeaderObject? AsHelper(KbuildObject item)
    {
        // The shortest command has the fewest flags of its own.
        var ofImage = objects.Where(static other =>
            other is { IsC: true, Command: not null, Source: not null } && other.Owners.Contains(ObjectOwner.Vmlinux));
        if (!IsHelper(item) || ofImage.MinBy(static other => other.Command!.Text.Length) is not { } like)
        {
            return null;
        }

        var source = Source(item);
        return new HeaderObject(item.Path, source, like.Command!.Text.Replace(" " + like.Source, " " + source, StringComparison.Ordinal));
    }

    /// <summary>True for an object that is made from C by a rule for Rust: Rust code calls it.</summary>
    public bool IsHelper(KbuildObject item) =>
        !item.IsC && item.Path.StartsWith(Directory + "/", StringComparison.Ordinal)
        && Path.GetExtension(Source(item)) == ".c" && File.Exists(Path.Combine(root, Source(item)));

    /// <summary>The files through which Rust code sees C, as objects to be searched like others; none in a kernel without Rust.</summary>
    public IReadOnlyList<HeaderObject> Bindings()
    {
        var like = objects.Where(static item => item is { IsC: true, Command: not null })
            .OrderByDescending(static item => item.Directory.StartsWith(Directory, StringComparison.Ordinal)).FirstOrDefault();
        return like is not null && objects.Any(Has)
            ? [
                .. Readers.Where(reader => File.Exists(Path.Combine(root, reader)))
                    .Select(reader => new HeaderObject(reader, reader, like.Command!.Text))]
            : [];
    }

    /// <summary>A Rust source that names something the headers declare otherwise, and the name; null when none does.</summary>
    /// <param name="headers">The text of each before and after; null where it does not exist.</param>
    public (string File, string Name)? FindUse(IEnumerable<(string? Before, string? After)> headers)
    {
        var names = headers.SelectMany(static header => ChangedNames(header.Before, header.After)).ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0)
        {
            return null;
        }

        var directories =
            objects.Where(Has).Select(static item => TreePath.DirectoryOf(item.Path)).Append(Directory).Distinct(StringComparer.Ordinal);
        foreach (var file in directories.Select(directory => Path.Combine(root, directory)).Where(System.IO.Directory.Exists)
            .SelectMany(static directory => System.IO.Directory.EnumerateFiles(directory, "*.rs", SearchOption.AllDirectories))
                .Distinct()
                .Order(StringComparer.Ordinal))
        {
            if (Words(File.ReadAllText(file)).FirstOrDefault(names.Contains) is { } name)
            {
                return (Path.GetRelativePath(root, file), name);
            }
        }

        return null;
    }

    /// <summary>Names a header declared and does not declare in the same way any more.</summary>
    internal static IReadOnlySet<string> ChangedNames(string? before, string? after)
    {
        var old = Items(before);
        var gone = old.Except(Items(after)).ToList();
        var isConditional = gone.Exists(static item => item.Text.StartsWith('#') && !IsMacro(item.Text));
        return (isConditional ? old : gone)
            .Where(static item => item.Inline is null)
            .SelectMany(static item => Declared(item.Text))
            .ToHashSet(StringComparer.Ordinal);
    }

    private static List<TopLevelItem> Items(string? text) => text is null ? [] : InlineUse.Split(SourceText.WithoutComments(text));

    private static bool IsMacro(string text) => text[1..].TrimStart().StartsWith("define", StringComparison.Ordinal);

    /// <summary>The names of a declaration: words outside of braces and parentheses that something follows which ends a name, and an
    /// enumeration's constants.</summary>
    private static IEnumerable<string> Declared(string text)
    {
        if (text.StartsWith('#'))
        {
            return IsMacro(text) ? Words(text).Skip(1).Take(1) : [];
        }

        var found = new List<string>();
        var isEnumeration = Words(text).Contains("enum");
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            depth += text[at] switch { '{' or '(' => 1, '}' or ')' => -1, _ => 0 };
            if (!TopLevelItem.IsWord(text[at]))
            {
                continue;
            }

            var start = at;
            while (at + 1 < text.Length && TopLevelItem.IsWord(text[at + 1]))
            {
                at++;
            }

            var next = at + 1 < text.Length && text[at + 1] == ' ' ? at + 2 : at + 1;
            var isName = next >= text.Length || text[next] is '(' or ')' or ';' or '[' or '=' or ',' or '{' or '}' or ':';
            if (isName && (depth == 0 || isEnumeration) && !char.IsAsciiDigit(text[start])
                && text[start..(at + 1)] is not ("struct" or "union" or "enum") and var name)
            {
                found.Add(name);
            }
        }

        return found;
    }

    private static IEnumerable<string> Words(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (TopLevelItem.IsWord(text[at]))
            {
                var start = at;
                while (at < text.Length && TopLevelItem.IsWord(text[at]))
                {
                    at++;
                }

                yield return text[start..at];
            }
        }
    }

    private static string Source(KbuildObject item) => item.Source ?? Path.ChangeExtension(item.Path, ".c");

    private bool Exists(KbuildObject item, string extension) => File.Exists(Path.Combine(root, Path.ChangeExtension(item.Path, extension)));
}
