using System.CommandLine;
using System.Text.Json;
using LivePatch.Cli.Json;
using LivePatch.Cli.Rendering;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Diff;
using LivePatch.Diff.Explain;
using LivePatch.Diff.Select;
using LivePatch.Elf;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Symbols;
using LivePatch.Module.Extract;
using LivePatch.Module.Shipped;

namespace LivePatch.Cli.Commands;

/// <summary>klp-build diff: compares one pair of objects without a kernel tree.</summary>
internal static class DiffCommand
{
    public static Command Create(Terminal terminal)
    {
        var original = new Argument<string>("ORIG.o") { Description = "The object compiled from the kernel's own source" };
        var patched = new Argument<string>("PATCHED.o") { Description = "The object compiled from the patched source" };
        var output = new Option<string?>("--output", "-o") { Description = "Write the extracted object here", HelpName = "OUT.o" };
        var symbols = new Option<string?>("--symbols") { Description = "Symbols of the patched kernel object: a vmlinux, a .ko, or text of nm or readelf -sW", HelpName = "FILE" };
        var symvers = new Option<string?>("--symvers") { Description = "The kernel's Module.symvers", HelpName = "FILE" };
        var owner = new Option<string>("--object") { Description = "What the object belongs to: vmlinux or a module's name", HelpName = "NAME", DefaultValueFactory = static _ => ModuleName.Vmlinux };
        var json = new Option<bool>("--json") { Description = "Write the result as JSON to standard output" };
        var explain = new Option<bool>("--explain") { Description = "Say why each symbol is in the result" };
        var layouts = AuthorsWordOptions.AllowLayoutChange();
        var prototypes = AuthorsWordOptions.AllowPrototypeChange();
        var pairs = AuthorsWordOptions.Pair();
        var command = new Command("diff", "Compare an object before and after a patch")
        {
            original, patched, output, symbols, symvers, owner, layouts, prototypes, pairs, json, explain,
        };
        command.SetAction(result => (int)Run(
            terminal,
            new Accepted(result.GetValue(layouts) ?? [], result.GetValue(prototypes) ?? [], AuthorsWordOptions.PairsOf(result, pairs)),
            result.GetRequiredValue(original),
            result.GetRequiredValue(patched),
            result.GetValue(output),
            result.GetValue(symbols),
            result.GetValue(symvers),
            result.GetValue(owner) ?? ModuleName.Vmlinux,
            result.GetValue(json),
            result.GetValue(explain)));
        return command;
    }

    private sealed record Accepted(
        IReadOnlyCollection<string> Layouts,
        IReadOnlyCollection<string> Prototypes,
        IReadOnlyList<(string Original, string Patched)> Pairs);

    private static ExitCode Run(
        Terminal terminal, Accepted accepted, string originalPath, string patchedPath, string? output, string? symbolsPath,
        string? symversPath, string owner, bool json, bool explain)
    {
        OutputPlace.CheckElf(output, [originalPath, patchedPath, symbolsPath, symversPath]);
        var diagnostics = new DiagnosticBag();
        var original = ElfObject.TryRead(originalPath, diagnostics);
        var patched = ElfObject.TryRead(patchedPath, diagnostics);
        var symvers = symversPath is null ? null : ModuleSymvers.TryRead(symversPath, diagnostics);
        var symbols = symbolsPath is null ? null : KernelSymbolFile.TryLoad(symbolsPath, diagnostics);
        var architecture = original is null ? null : Architectures.TryGet(original, diagnostics);
        DiffResult? diff = null;
        ExtractedObject? extracted = null;
        if (!diagnostics.HasFatal)
        {
            var catalog = architecture!.Tables.Catalog(new Dictionary<string, int>());
            var options = new DiffOptions(
                owner, new Owners(owner, symbols, symvers))
            { Pairs = accepted.Pairs, AllowedPrototypeChanges = accepted.Prototypes };
            diff = DiffEngine.Compare(original!, patched!, architecture, catalog, options);
            diagnostics.AddRange(diff.Diagnostics);
            diagnostics.AddRange(LayoutCheck.Report([(patchedPath, diff)], accepted.Layouts));
            diagnostics.AddRange(AuthorsWord.Unused(accepted.Pairs, accepted.Prototypes, [diff]));
            diagnostics.AddRange(BootCodeAlone.Check([diff]));
            if (!diagnostics.HasFatal && !diff.IsNoChange)
            {
                ISymbolResolver resolver = symbols is not null && symvers is not null
                    ? new KernelSymbolResolver(owner, symbols, symvers, new FileGroupLocator(symbols, original!))
                    : new ObjectSymbolResolver(original!, owner, name => symvers?.Find(name) is { IsFromVmlinux: true });
                extracted = ObjectExtractor.TryExtract(diff, owner, patchedPath, "klp_new_0_", resolver, diagnostics);
            }
        }

        if (!diagnostics.HasFatal && extracted is not null && output is not null)
        {
            AtomicFile.Write(output, extracted.Content.Span);
        }

        Print(terminal, diff, diagnostics, json, explain);
        return diagnostics.Any(static item => item.Kind == DiagnosticKind.Error) ? ExitCode.Error
            : diagnostics.HasFatal ? ExitCode.NotLivepatchable
            : diff!.IsNoChange ? ExitCode.NoChange : ExitCode.Done;
    }

    private static void Print(Terminal terminal, DiffResult? diff, DiagnosticBag diagnostics, bool json, bool explain)
    {
        diff ??= new DiffResult(null, null, null, Selection.Empty, diagnostics);
        if (json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(DiffJson.From(diff, diagnostics, explain), CliJsonContext.Readable.DiffJson));
            return;
        }

        foreach (var name in diff.Changed)
        {
            terminal.Out.WriteLine($"changed function: {name}");
        }

        foreach (var name in diff.New)
        {
            terminal.Out.WriteLine($"new function: {name}");
        }

        if (diff.IsNoChange && !diagnostics.HasFatal)
        {
            terminal.Out.WriteLine("no functional change");
            terminal.Out.WriteLine(NoChangeText.Of([diff]));
        }

        if (explain)
        {
            ExplanationText.Write(terminal.Out, diff);
        }

        DiagnosticRenderer.Write(terminal.Error, diagnostics, explain ? Verbosity.Verbose : Verbosity.Normal, terminal.IsInteractive);
    }

    /// <summary>Owners as far as the given tables tell; without tables vmlinux is taken to own everything.</summary>
    private sealed class Owners(string owner, KernelSymbolTable? symbols, ModuleSymvers? symvers) : ISymbolOwners
    {
        public bool IsInVmlinux(string name)
        {
            if (symvers?.Find(name) is { } export)
            {
                return export.IsFromVmlinux;
            }

            // A module is linked against exports only: what none of them is, it has in another of its objects.
            return owner == ModuleName.Vmlinux || (symbols is null ? symvers is null : !symbols.Contains(name));
        }

        public string? ReadOnlyOwner(string objectName, string name) =>
            symbols is not null && symbols.Find(name).Where(static symbol => symbol.IsGlobal).ToList() is [var only]
                && symbols.IsReadOnly(only)
                ? owner
                : null;
    }
}
