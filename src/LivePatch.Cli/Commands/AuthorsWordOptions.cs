using System.CommandLine;
using LivePatch.Diff;

namespace LivePatch.Cli.Commands;

/// <summary>The options by which the author says what the tool cannot know.</summary>
internal static class AuthorsWordOptions
{
    /// <summary>--allow-layout-change.</summary>
    public static Option<string[]> AllowLayoutChange() =>
        new("--allow-layout-change") { Description = "Accept that a structure, union or enumeration changes", HelpName = "TYPE" };

    /// <summary>--allow-prototype-change.</summary>
    public static Option<string[]> AllowPrototypeChange() =>
        new(
            "--allow-prototype-change")
        {
            Description =
                "Accept that a function that others use takes other parameters",
            HelpName = "FUNCTION"
        };

    /// <summary>--pair.</summary>
    public static Option<string[]> Pair()
    {
        var option = new Option<string[]>("--pair")
        {
            Description = "Variable NEW is OLD of the running kernel; =NEW: it is a new one; OLD=: its value is given up",
            HelpName = "OLD=NEW",
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(static token => AuthorsWord.TryParsePair(token.Value) is null))
            {
                result.AddError($"--pair wants OLD=NEW, and '{token.Value}' is none.");
            }
        });
        return option;
    }

    /// <summary>The pairs given.</summary>
    public static IReadOnlyList<(string Original, string Patched)> PairsOf(ParseResult result, Option<string[]> option) =>
        [.. (result.GetValue(option) ?? []).Select(AuthorsWord.TryParsePair).OfType<(string, string)>()];
}
