using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Explain;
using LivePatch.Diff.Select;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;
using LivePatch.Module.Extract;
using LivePatch.Module.PostLink;

namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>Runs the real engine, and the extraction where the engine accepts.</summary>
public sealed class EngineRunner : IDiffRunner
{
    /// <inheritdoc/>
    public DiffOutcome Run(DiffRequest request)
    {
        using var original = ElfObject.Read(request.OriginalObject, "case.o");
        using var patched = ElfObject.Read(request.PatchedObject, "case.o");
        var architecture = Architectures.X64;
        var result = DiffEngine.Compare(
            original,
            patched,
            architecture,
            X64SpecialSections.Create(request.StructSizes),
            new DiffOptions(request.ObjectName, new Owners(request), request.MovedLines)
            {
                Pairs = request.Pairs,
                AllowedPrototypeChanges = request.AllowedPrototypes,
            });
        var diagnostics = new DiagnosticBag();
        diagnostics.AddRange(result.Diagnostics);
        diagnostics.AddRange(LayoutCheck.Report([("case.o", result)], []).Where(static item => item.Id != "LP0543"));
        diagnostics.AddRange(AuthorsWord.Unused(request.Pairs, request.AllowedPrototypes, [result]));
        if (diagnostics.HasFatal || result.Selection.IsEmpty)
        {
            return new DiffOutcome(result.Changed, result.New, diagnostics, [], null) { Explanation = Explanation.Of(result) };
        }

        var extracted = ObjectExtractor.TryExtract(
            result, request.ObjectName, "fixtures/case.o", "klp_case_", new FixtureSymbolResolver(
                original, request.ObjectName, request.ModuleOwned), diagnostics);
        var output = extracted is null ? null : ElfObject.Read(extracted.Content, "output.o");
        return new DiffOutcome(
            result.Changed,
            result.New,
            diagnostics,
            output is null ? [] : External(output),
            output)
        { Explanation = Explanation.Of(result) };
    }

    private static List<string> External(ElfObject output) =>
        [.. output.Symbols.Skip(1).Where(static symbol => symbol.IsUndefined)
            .Select(static symbol => PendingSymbolName.TryParse(symbol.Name)?.Name ?? symbol.Name)];

    private sealed class Owners(DiffRequest request) : ISymbolOwners
    {
        public bool IsInVmlinux(string name) => !request.ModuleOwned.Contains(name);

        public string? ReadOnlyOwner(string objectName, string name) => request.ReadOnly.Contains(name) ? objectName : null;
    }
}
