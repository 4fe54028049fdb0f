using LivePatch.Elf;
using LivePatch.Elf.Writing;

namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>The same object with sections and symbols in another order, as another compiler or linker might have written it.</summary>
internal static class ShuffledObject
{
    /// <summary>Shuffles sections; symbols too, within what an order means: locals stay under their STT_FILE.</summary>
    public static byte[] Make(byte[] content, int seed)
    {
#pragma warning disable CA5394 // Repeatable on purpose.
        var random = new Random(seed);
        var source = ElfObjectBuilder.From(ElfObject.Read(content, "case.o"));
        var result = new ElfObjectBuilder(source.Header.Machine);
        var sections = new Dictionary<ElfSectionDraft, ElfSectionDraft>();
        var symbols = new Dictionary<ElfSymbolDraft, ElfSymbolDraft>();
        foreach (var section in source.Sections.OrderBy(_ => random.Next()))
        {
            var copy = result.AddSection(section.Name, section.Type);
            copy.Flags = section.Flags;
            copy.Address = section.Address;
            copy.Alignment = section.Alignment;
            copy.EntrySize = section.EntrySize;
            copy.Data = section.Data;
            copy.NobitsSize = section.NobitsSize;
            copy.LinksToSymbolTable = section.LinksToSymbolTable;
            copy.Info = section.Info;
            copy.GroupFlags = section.GroupFlags;
            sections.Add(section, copy);
        }

        var group = 0;
        var grouped =
            source.Symbols.Select(symbol => (Symbol: symbol, Group: symbol.Type == ElfSymbolType.File ? ++group : group)).ToList();
        foreach (var (symbol, _) in grouped
            .OrderBy(static entry => entry.Group)
            .ThenBy(static entry => entry.Symbol.Type != ElfSymbolType.File)
            .ThenBy(_ => random.Next()))
        {
            var copy = result.AddSymbol(symbol.Name);
            copy.Value = symbol.Value;
            copy.Size = symbol.Size;
            copy.Binding = symbol.Binding;
            copy.Type = symbol.Type;
            copy.Other = symbol.Other;
            copy.Section = symbol.Section is null ? null : sections[symbol.Section];
            copy.ReservedIndex = symbol.ReservedIndex;
            symbols.Add(symbol, copy);
        }

        foreach (var (section, copy) in sections)
        {
            copy.LinkedSection = section.LinkedSection is null ? null : sections[section.LinkedSection];
            copy.Target = section.Target is null ? null : sections[section.Target];
            copy.GroupSignature = section.GroupSignature is null ? null : symbols[section.GroupSignature];
            copy.GroupMembers.AddRange(section.GroupMembers.Select(member => sections[member]));
            copy.Relocations.AddRange(section.Relocations
                .Select(entry => entry with { Symbol = entry.Symbol is null ? null : symbols[entry.Symbol] })
                .OrderBy(_ => random.Next()));
        }

        return result.ToArray();
#pragma warning restore CA5394
    }
}
