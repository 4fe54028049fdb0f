using System.Globalization;

namespace LivePatch.Corpus;

/// <summary>The command line.</summary>
/// <param name="List">File with the pairs.</param>
/// <param name="Symvers">The kernel's Module.symvers.</param>
/// <param name="Image">The kernel's image, for the sizes of table entries; null when they are to be inferred.</param>
/// <param name="Output">Directory for the extracted objects; null to drop them.</param>
/// <param name="Report">File for a line per pair; null for none.</param>
/// <param name="Threads">Pairs at a time.</param>
/// <param name="Repeat">How often the whole list is run; the best time is printed.</param>
/// <param name="Mutations">How many changes are made in each original, instead of the comparisons; 0 for none.</param>
/// <param name="Seed">Which changes those are.</param>
internal sealed record CorpusOptions(
    string List, string Symvers, string? Image, string? Output, string? Report, int Threads, int Repeat, int Mutations, int Seed)
{
    /// <summary>What to print when the command line is not understood.</summary>
    public const string Usage =
        "LivePatch.Corpus LIST --symvers FILE [--image FILE] [--output DIR] [--report FILE] [--threads N] [--repeat N] "
        + "[--mutations N [--seed N]]\n"
        + "LivePatch.Corpus --second-reader FILE...";

    /// <summary>Reads it; null when it is not understood.</summary>
    public static CorpusOptions? TryParse(string[] arguments)
    {
        if (arguments.Length % 2 == 0)
        {
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 1; index < arguments.Length; index += 2)
        {
            values[arguments[index]] = arguments[index + 1];
        }

        return values.GetValueOrDefault("--symvers") is { } symvers
            ? new CorpusOptions(
                arguments[0],
                symvers,
                values.GetValueOrDefault("--image"),
                values.GetValueOrDefault("--output"),
                values.GetValueOrDefault("--report"),
                Number("--threads", Environment.ProcessorCount),
                Number("--repeat", 1),
                Number("--mutations", 0),
                Number("--seed", 17))
            : null;

        int Number(string name, int otherwise) =>
            values.GetValueOrDefault(name) is { } text && int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : otherwise;
    }
}
