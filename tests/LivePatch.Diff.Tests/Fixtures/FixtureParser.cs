using System.Globalization;

namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>Reads expected.txt: one fact per line, <c>#</c> starts a comment line, <c>gcc:</c> or <c>clang:</c> limits a fact to one
/// compiler.</summary>
public static class FixtureParser
{
    /// <summary>The case once for each compiler it names.</summary>
    /// <exception cref="FormatException">A line cannot be understood; says which.</exception>
    public static IReadOnlyList<FixtureCase> Parse(string name, string directory, string text)
    {
        var lines = text.Split('\n')
            .Select((line, index) => (Text: line.Trim(), Number: index + 1))
            .Where(static line => line.Text.Length > 0 && line.Text[0] != '#')
            .ToList();
        var compilers =
            lines.Where(static line => Word(line.Text) == "compiler").Select(static line => Rest(line.Text)).SingleOrDefault() switch
            {
                null or "gcc" => new[] { "gcc" },
                "clang" => ["clang"],
                "both" => ["gcc", "clang"],
                var other => throw new FormatException($"{name}: unknown compiler '{other}'"),
            };
        return [.. compilers.Select(compiler => ParseFor(compiler, name, directory, lines))];
    }

    private static FixtureCase ParseFor(string compiler, string name, string directory, List<(string Text, int Number)> lines)
    {
        var result = new FixtureCase(name, directory, compiler);
        foreach (var (line, number) in lines)
        {
            var text = line;
            if (Word(text) is "gcc:" or "clang:")
            {
                if (Word(text) != compiler + ":")
                {
                    continue;
                }

                text = Rest(text);
            }

            try
            {
                Apply(result, Word(text), Rest(text));
            }
            catch (FormatException problem)
            {
                throw new FormatException($"{name}/expected.txt:{number}: {problem.Message}", problem);
            }
        }

        if (result.Sources.Count == 0)
        {
            result.Sources.Add("case.c");
        }

        CheckConsistent(result);
        return result;
    }

    private static void Apply(FixtureCase result, string fact, string rest)
    {
        switch (fact)
        {
            case "compiler":
                break;
            case "cflags":
                result.Flags.AddRange(Words(rest, 1, int.MaxValue));
                break;
            case "sources":
                result.Sources.AddRange(Words(rest, 1, int.MaxValue));
                break;
            case "object":
                result.ObjectName = Words(rest, 1, 1)[0];
                break;
            case "module-owned":
                result.ModuleOwned.Add(Words(rest, 1, 1)[0]);
                break;
            case "read-only":
                result.ReadOnly.Add(Words(rest, 1, 1)[0]);
                break;
            case "struct":
                SetStruct(result, Words(rest, 2, 2));
                break;
            case "moved":
                AddMovedLines(result, Words(rest, 3, 3));
                break;
            case "pair":
                result.Pairs.Add(AuthorsWord.TryParsePair(Words(rest, 1, 1)[0]) ?? throw new FormatException($"'{rest}' is no pair"));
                break;
            case "allow-prototype":
                result.AllowedPrototypes.Add(Words(rest, 1, 1)[0]);
                break;
            case "changed":
                result.Changed.Add(Words(rest, 1, 1)[0]);
                break;
            case "new":
                result.New.Add(Words(rest, 1, 1)[0]);
                break;
            case "nochange":
                Words(rest, 0, 0);
                result.NoChange = true;
                break;
            case "refuse":
                result.Refusals.Add(ParseFinding(rest));
                break;
            case "note":
                result.Notes.Add(ParseFinding(rest));
                break;
            case "klp":
                result.Klp.Add(Words(rest, 1, 1)[0]);
                break;
            case "noklp":
                result.NoKlp.Add(Words(rest, 1, 1)[0]);
                break;
            case "defines":
                result.Defines.Add(Words(rest, 1, 1)[0]);
                break;
            case "local":
                result.Local.Add(Words(rest, 1, 1)[0]);
                break;
            case "lacks":
                result.Lacks.Add(Words(rest, 1, 1)[0]);
                break;
            case "section":
                AddSection(result, Words(rest, 3, 3));
                break;
            case "refers":
                var words = Words(rest, 3, 3);
                result.Refers.Add((words[0], words[1], Number(words[2])));
                break;
            case "string" when rest.Length >= 2 && rest[0] == '"' && rest[^1] == '"':
                result.Strings.Add(rest[1..^1].Replace("\\n", "\n", StringComparison.Ordinal));
                break;
            case "mcount":
                result.Mcount.Add(Words(rest, 1, 1)[0]);
                break;
            case "pending" when rest.Length > 0:
                result.Pending = rest;
                break;
            case "pending-self" when rest.Length > 0:
                result.PendingSelf = rest;
                break;
            default:
                throw new FormatException($"'{fact} {rest}' is no fact");
        }
    }

    private static void SetStruct(FixtureCase result, string[] words)
    {
        if (words[1] == "unknown")
        {
            result.StructSizes.Remove(words[0]);
        }
        else
        {
            result.StructSizes[words[0]] = Number(words[1]);
        }
    }

    private static void AddMovedLines(FixtureCase result, string[] words)
    {
        result.MovedLines ??= [];
        for (var line = Number(words[0]); line <= Number(words[1]); line++)
        {
            result.MovedLines[line] = line + Number(words[2]);
        }
    }

    private static void AddSection(FixtureCase result, string[] words)
    {
        (words[1] switch
        {
            "entries" => result.Entries,
            "bytes" => result.Bytes,
            _ => throw new FormatException($"'{words[1]}' is neither 'entries' nor 'bytes'"),
        }).Add((words[0], Number(words[2])));
    }

    private static Finding ParseFinding(string rest)
    {
        // The place may be a type: "struct foo".
        var words = Words(rest, 2, 3);
        if (words[0].Length != 6 || !words[0].StartsWith("LP", StringComparison.Ordinal))
        {
            throw new FormatException($"'{words[0]}' is no diagnostic id");
        }

        return new Finding(words[0], string.Join(' ', words[1..]));
    }

    private static void CheckConsistent(FixtureCase result)
    {
        var hasOutput = result.Klp.Count + result.NoKlp.Count + result.Defines.Count + result.Local.Count + result.Lacks.Count
            + result.Entries.Count
            + result.Bytes.Count + result.Strings.Count + result.Mcount.Count + result.Refers.Count > 0;
        var changes = result.Changed.Count + result.New.Count;
        if (changes + result.Refusals.Count == 0 && !result.NoChange)
        {
            throw new FormatException($"{result.Name}: it must say changed, new, nochange or refuse");
        }

        if (result.NoChange && (changes + result.Refusals.Count > 0 || hasOutput))
        {
            throw new FormatException($"{result.Name}: nochange goes with no other verdict and no output");
        }

        if (result.Refusals.Count > 0 && hasOutput)
        {
            throw new FormatException($"{result.Name}: what is refused has no output");
        }
    }

    private static string Word(string line) => line.Split(' ', 2)[0];

    private static string Rest(string line) => line.Contains(' ', StringComparison.Ordinal) ? line.Split(' ', 2)[1].Trim() : string.Empty;

    private static string[] Words(string text, int least, int most)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= least && words.Length <= most ? words : throw new FormatException($"'{text}' has {words.Length} words");
    }

    private static int Number(string word) =>
        int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{word}' is no number");
}
