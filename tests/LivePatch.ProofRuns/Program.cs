using System.Diagnostics;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Proof;
using LivePatch.ProofRuns;

if (RunOptions.TryParse(args) is not { } options)
{
    await Console.Error.WriteLineAsync("usage: LivePatch.ProofRuns --kernel RELEASE --cache DIR [--mutations N] [--seed S] [--private] MODULE.ko...").ConfigureAwait(false);
    await Console.Error.WriteLineAsync("Beside each MODULE.ko lies MODULE.proof, the directory its build made with --proof.")
        .ConfigureAwait(false);
    return 1;
}

var diagnostics = new DiagnosticBag();
using var target = ProofTarget.TryOpen(
    $"/boot/vmlinuz-{options.Release}", options.Cache, $"/lib/modules/{options.Release}/build/Module.symvers",
        $"/lib/modules/{options.Release}", options.Given, diagnostics);
if (target is null)
{
    Console.Error.WriteLine(string.Join('\n', diagnostics));
    return 1;
}

_ = target.Symbols.Total;
var failed = 0;
var totals = new MutationTotals();
foreach (var path in options.Modules)
{
    var objects = ProofObjects.TryRead(Path.ChangeExtension(path, ".proof"), diagnostics);
    if (objects is null)
    {
        Console.WriteLine($"{path}: {diagnostics[^1]}");
        failed++;
        continue;
    }

    var bytes = await File.ReadAllBytesAsync(path).ConfigureAwait(false);
    using var module = ElfObject.Read(bytes, Path.GetFileName(path));
    var clock = Stopwatch.StartNew();
    var result = ModuleProof.Prove(module, objects, target);
    Console.WriteLine(
        $"{(result.IsProved ? "proved" : "REFUSED")} {Path.GetFileName(path)}: {result.Functions} functions ({result.Replaced} replaced), {result.References} references, "
        + $"{result.Tables} table entries, {result.Literals} literals, {result.Positions} positions, {result.Private.Count} private, "
        + $"{result.Forgiven.Sum(static item => item.Value)} forgiven, {result.Unconfirmed.Count} unconfirmed, {clock.ElapsedMilliseconds} ms");
    foreach (var item in result.Diagnostics.Take(8))
    {
        Console.WriteLine($"  {item}");
    }

    if (options.ShowsPrivate)
    {
        foreach (var item in result.Private)
        {
            Console.WriteLine($"  private {item.Object}: {item.Name}: {item.Reason}");
        }

        foreach (var item in result.Unconfirmed)
        {
            Console.WriteLine($"  unconfirmed {item}");
        }

        foreach (var (rule, count) in result.Forgiven)
        {
            Console.WriteLine($"  forgiven {count} {rule}");
        }
    }

    failed += result.IsProved ? 0 : 1;
    if (result.IsProved && options.Mutations > 0)
    {
        MutationCampaign.Run(bytes, Path.GetFileName(path), objects, target, options, totals);
    }
}

if (options.Mutations > 0)
{
    Console.Write(totals.Report());
    failed += totals.Missed;
}

return failed == 0 ? 0 : 1;
