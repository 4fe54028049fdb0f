using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;
using LivePatch.Module.Verify;

namespace LivePatch.Module.Tests;

/// <summary>A target kernel with a handful of symbols.</summary>
internal sealed class FakeTarget : ITargetFacts
{
    public string Release { get; init; } = LinkedModule.Release;

    public HashSet<string> Exports { get; } = ["exported"];

    public Dictionary<string, int> Symbols { get; } = new() { ["work"] = 1, ["hidden"] = 1 };

    public bool Traceable { get; init; } = true;

    public bool IsExported(string name) => Exports.Contains(name);

    public int? Occurrences(string objectName, string name) => objectName is "vmlinux" or "ext4" ? Symbols.GetValueOrDefault(name) : null;

    public bool Steady { get; init; } = true;

    public bool IsSteady(string objectName, string name, uint sympos) => Steady;

    public SpecialSectionCatalog Catalog { get; } =
        Architectures.X64.Tables.Catalog(new Dictionary<string, int> { ["alt_instr"] = 12, ["jump_entry"] = 16 });

    public bool? IsTraceable(string objectName, string name, uint sympos) => Traceable;
}
