namespace LivePatch.Corpus;

/// <summary>One line of the list: two objects to compare.</summary>
/// <param name="Kind">"pair" for two versions of a source, "back" for the same the other way round; what must show no change has any other
/// kind.</param>
/// <param name="Name">The object's path in the kernel tree.</param>
/// <param name="Original">The first object.</param>
/// <param name="Patched">The second object.</param>
/// <param name="Owner">"vmlinux" or the module it belongs to.</param>
/// <param name="Edited">The function that was edited; null where none is known to be.</param>
internal sealed record CorpusPair(string Kind, string Name, string Original, string Patched, string Owner, string? Edited)
{
    /// <summary>True for pairs that may differ.</summary>
    public bool MayDiffer => Kind is "pair" or "back";

    /// <summary>Reads a list: five or six fields separated by tabs in each line.</summary>
    public static List<CorpusPair> ReadList(string path) =>
        [.. File.ReadLines(path)
            .Where(static line => line.Length > 0)
            .Select(static line => line.Split('\t'))
            .Select(
                static fields =>
                    new CorpusPair(fields[0], fields[1], fields[2], fields[3], fields[4], fields.Length > 5 ? fields[5] : null))];
}
