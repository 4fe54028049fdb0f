using System.CommandLine;
using System.Text.Json;
using LivePatch.Cli.Json;
using LivePatch.Cli.Rendering;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Elf;
using LivePatch.Module;
using LivePatch.Module.Verify;
using LivePatch.Proof;

namespace LivePatch.Cli.Commands;

/// <summary>klp-build inspect: what a livepatch module does, from its file alone.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal, IProcessRunner runner)
    {
        var module = new Argument<string>("MODULE.ko") { Description = "The module" };
        var json = new Option<bool>("--json") { Description = "Write the result as JSON to standard output" };
        var proof = new ProofOptions();
        var command = new Command("inspect", "Say what a livepatch module patches, and for which kernel") { module, json };
        proof.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
            (int)await RunAsync(terminal, runner, proof.Of(result), result.GetRequiredValue(module), result.GetValue(json), cancellationToken).ConfigureAwait(false));
        return command;
    }

    private static async Task<ExitCode> RunAsync(
        Terminal terminal, IProcessRunner runner, ProofRequest? request, string path, bool json, CancellationToken cancellationToken)
    {
        var diagnostics = new DiagnosticBag();
        using var elf = ElfObject.TryRead(path, diagnostics);
        if (elf is not null)
        {
            var facts = ModuleFacts.Read(elf);
            if (facts.IsLivepatch || facts.KlpSymbols.Count > 0)
            {
                var proof = request is null ? null : await request.RunAsync(elf, facts.Release, runner, diagnostics, cancellationToken).ConfigureAwait(false);
                Print(terminal, facts, proof, json);
                foreach (var name in elf.Sections.Where(static section => IsLookedUp(section.Name)).GroupBy(static section => section.Name).Where(static group => group.Count() > 1))
                {
                    diagnostics.Add(CliDiagnostics.EqualSections.At(DiagnosticLocation.InSection(path, name.Key), $"It has {name.Count()} sections of this name, and the kernel's livepatch core and module loader go by names."));
                }

                DiagnosticRenderer.Write(terminal.Error, diagnostics, Verbosity.Normal, terminal.IsInteractive);
                return diagnostics.HasFatal ? ExitCode.Error : ExitCode.Done;
            }

            diagnostics.Add(ModuleDiagnostics.NotLivepatch.At(path, "Its .modinfo has no 'livepatch' entry."));
        }

        DiagnosticRenderer.Write(terminal.Error, diagnostics, Verbosity.Normal, terminal.IsInteractive);
        return ExitCode.Error;
    }

    private static void Print(Terminal terminal, ModuleFacts facts, ProofResult? proof, bool json)
    {
        var data = new InspectJson(
            facts.Value("name") ?? "?",
            facts.Release,
            facts.Value("vermagic"),
            facts.IsLivepatch,
            facts.Value("klp_patch_sha256"),
            [.. facts.Functions.Select(static function => new KlpNameJson(function.ObjectName, function.OldName, function.Sympos))],
            [.. facts.KlpSymbols.Select(static symbol => new KlpNameJson(symbol.ObjectName, symbol.Name, symbol.Sympos))],
            facts.KlpRelocations.GroupBy(static item => item.Section).ToDictionary(static group => group.Key, static group => group.Sum(static item => item.Count)),
            [.. facts.UndefinedSymbols.Select(static symbol => symbol.Name)],
            ProofJson.From(proof));
        if (json)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(data, CliJsonContext.Readable.InspectJson));
            return;
        }

        terminal.Out.WriteLine($"module: {data.Name}");
        terminal.Out.WriteLine($"kernel: {data.Release}");
        terminal.Out.WriteLine($"vermagic: {data.Vermagic}");
        if (data.PatchSha256 is not null)
        {
            terminal.Out.WriteLine($"patch sha256: {data.PatchSha256}");
        }

        foreach (var function in data.Replaces)
        {
            terminal.Out.WriteLine($"replaces: {function.Object}: {Name(function)}");
        }

        foreach (var (section, count) in data.KlpRelocations)
        {
            terminal.Out.WriteLine($"klp relocations: {section}: {count}");
        }

        foreach (var symbol in data.KlpSymbols)
        {
            terminal.Out.WriteLine($"klp symbol: {symbol.Object}: {Name(symbol)}");
        }

        if (proof is not null)
        {
            ProofText.Write(terminal.Out, proof);
        }
    }

    /// <summary>Sections the kernel finds by their whole names: those of the livepatch, and the tables of a module.</summary>
    private static bool IsLookedUp(string name) =>
        name.StartsWith(".klp.", StringComparison.Ordinal) || name is ".modinfo" or ".gnu.linkonce.this_module" or ".altinstructions" or "__jump_table" or "__mcount_loc";

    private static string Name(KlpNameJson symbol) =>
        symbol.Sympos == 0 ? symbol.Name : $"{symbol.Name} (occurrence {symbol.Sympos})";
}
