using LivePatch.Elf;

namespace LivePatch.Module.Verify;

/// <summary>What a livepatch module's file says about itself; for inspection and for checks.</summary>
/// <param name="Information">Entries of .modinfo as (key, value), in file order.</param>
/// <param name="KlpSymbols">Symbols the livepatch core resolves, in table order.</param>
/// <param name="KlpRelocations">For each .klp.rela section: its name, the section it writes to and how many entries it has.</param>
/// <param name="UndefinedSymbols">Names the module loader resolves, with whether they may stay unresolved.</param>
/// <param name="Functions">Rows of klp_func as far as the file's relocations tell.</param>
public sealed record ModuleFacts(
    IReadOnlyList<KeyValuePair<string, string>> Information,
    IReadOnlyList<KlpSymbolFact> KlpSymbols,
    IReadOnlyList<(string Section, string Target, int Count)> KlpRelocations,
    IReadOnlyList<(string Name, bool IsWeak)> UndefinedSymbols,
    IReadOnlyList<KlpFunctionFact> Functions)
{
    /// <summary>The value of a .modinfo key; null when it is not there.</summary>
    public string? Value(string key) =>
        Information.FirstOrDefault(entry => entry.Key == key) is { Key: not null } found ? found.Value : null;

    /// <summary>The kernel release it was built for, from vermagic; null when there is none.</summary>
    public string? Release => Value("vermagic")?.Split(' ')[0];

    /// <summary>True when it says it is a livepatch.</summary>
    public bool IsLivepatch => Value("livepatch") is not null;

    /// <summary>Reads the entries of .modinfo only, of any module.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ReadInformation(ElfObject module) => ModuleFactsReader.Information(module);

    /// <summary>Reads a module.</summary>
    public static ModuleFacts Read(ElfObject module) => new ModuleFactsReader(module).Read();
}
