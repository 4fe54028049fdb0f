using System.Diagnostics;
using System.Globalization;
using LivePatch.Core.Diagnostics;
using LivePatch.Corpus;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Special;
using LivePatch.Kernel.Symbols;

if (args is ["--second-reader", .. var files])
{
    return SecondReading.Run(files, Console.Error) == 0 ? 0 : 1;
}

if (CorpusOptions.TryParse(args) is not { } options)
{
    Console.Error.WriteLine(CorpusOptions.Usage);
    return 2;
}

var diagnostics = new DiagnosticBag();
var architecture = Architectures.X64;
var sizes = EntrySizes(options.Image);

// The unpacked kernel is most of what was needed so far, and not what is measured.
GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
var symvers = ModuleSymvers.TryRead(options.Symvers, diagnostics);
if (symvers is null || diagnostics.HasFatal)
{
    foreach (var diagnostic in diagnostics)
    {
        Console.Error.WriteLine(diagnostic);
    }

    return 2;
}

var runner = new CorpusRunner(architecture, sizes, symvers);
var pairs = CorpusPair.ReadList(options.List);
if (options.Mutations > 0)
{
    return MutationRun.Run(
        pairs, architecture, architecture.Tables.Catalog(sizes), options.Mutations, options.Seed, options.Threads, Console.Out) == 0
        ? 0
        : 1;
}

CorpusOutcome[] outcomes = [];
var process = Process.GetCurrentProcess();
for (var run = 1; run <= options.Repeat; run++)
{
    var cpu = process.TotalProcessorTime;
    var clock = Stopwatch.StartNew();
    outcomes = runner.Run(pairs, options.Threads);
    var seconds = clock.Elapsed.TotalSeconds;
    process.Refresh();
    var busy = (process.TotalProcessorTime - cpu).TotalSeconds;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"run {run}: {pairs.Count} pairs in {seconds:F2} s with {options.Threads} threads: {pairs.Count / seconds:F0} pairs/s; "
            + $"{1000 * busy / Math.Max(1, pairs.Count):F2} ms of processor time a pair; peak memory {process.PeakWorkingSet64 >> 20} "
            + $"MB; digest {CorpusReport.Digest(outcomes)}"));
}

var written = new List<string>();
if (options.Output is not null)
{
    foreach (var outcome in outcomes)
    {
        if (outcome.Output is { } bytes)
        {
            var path = Path.Combine(options.Output, outcome.Pair.Kind, outcome.Pair.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes.ToArray());
            written.Add(path);
        }
    }
}

if (options.Report is not null)
{
    File.WriteAllLines(options.Report, outcomes.SelectMany(static outcome => outcome.Lines()));
}

CorpusReport.Write(Console.Out, outcomes);
var misread = SecondReading.Run(written, Console.Error);
return misread > 0 || outcomes.Any(static outcome => outcome.Verdict is CorpusVerdict.Error or CorpusVerdict.Crash) ? 1 : 0;

IReadOnlyDictionary<string, int> EntrySizes(string? path)
{
    using var image = path is null ? null : KernelImage.TryOpen(path, null, diagnostics);
    return SpecialEntrySizes.FromBtf(image?.Btf, architecture);
}
