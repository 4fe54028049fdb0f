using System.Collections.Concurrent;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;
using LivePatch.TestSupport.Mutations;

namespace LivePatch.Corpus;

/// <summary>Changes one thing at a time in real objects and asks whether the engine notices; see <see cref="MutationCheck"/>.</summary>
internal static class MutationRun
{
    /// <summary>Runs it, a number of changes for each object once, and prints what was passed over.</summary>
    /// <returns>How many were passed over.</returns>
    public static int Run(IReadOnlyList<CorpusPair> pairs, IArchitecture architecture, SpecialSectionCatalog catalog, int each,
        int seed, int threads, TextWriter output)
    {
        var missed = new ConcurrentBag<string>();
        var objects = pairs.DistinctBy(static pair => pair.Original).ToList();
        Parallel.ForEach(objects, new ParallelOptions { MaxDegreeOfParallelism = threads }, pair =>
        {
            var good = File.ReadAllBytes(pair.Original);
            var check = new MutationCheck(good, architecture, catalog, pair.Owner);
            foreach (var mutation in new ObjectMutator(good, Seed(pair.Name, seed)).Make(each))
            {
                if (check.Check(mutation) is { } text)
                {
                    missed.Add($"{pair.Name}: {text}");
                }
            }
        });
        foreach (var text in missed.Distinct().Order(StringComparer.Ordinal))
        {
            output.WriteLine(text);
        }

        output.WriteLine($"{objects.Count * each} changes in {objects.Count} objects, {missed.Count} passed over");
        return missed.Count;
    }

    /// <summary>A number that is the same on every run with the same seed.</summary>
    private static int Seed(string name, int seed) => name.Aggregate(seed, static (hash, c) => unchecked((hash * 31) + c));
}
