using LivePatch.Elf;
using LivePatch.Elf.Native;

namespace LivePatch.Diff.Objects;

/// <summary>Cutting code and data by symbols.</summary>
public sealed partial class KernelObjectReader
{
    private void CutBySymbols()
    {
        var symbols = new List<(ElfSymbol Symbol, string? File)>?[_elf.Sections.Count];
        string? file = null;
        var fileCounts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var symbol in _elf.Symbols)
        {
            if (symbol.Type == ElfSymbolType.File)
            {
                // Two files of one name in one object (ld -r) stay apart by their order.
                var seen = fileCounts.GetValueOrDefault(symbol.Name);
                fileCounts[symbol.Name] = seen + 1;
                file = seen == 0 ? symbol.Name : $"{symbol.Name}#{seen}";
                continue;
            }

            if (symbol.Section is { } section && symbol.Type != ElfSymbolType.Section && IsCutBySymbols(_classes[section.Index]))
            {
                (symbols[section.Index] ??= []).Add((symbol, symbol.Binding == ElfSymbolBinding.Local ? file : null));
            }
        }

        foreach (var section in _elf.Sections)
        {
            var kind = _classes[section.Index];
            if (IsCutBySymbols(kind) && section.Size > 0)
            {
                _atoms[section.Index] = Cut(section, kind, symbols[section.Index] ?? []);
            }
            else if (symbols[section.Index] is { } onEmpty && section.Size == 0)
            {
                // A symbol on an empty section still names something: an empty array, an empty struct.
                _atoms[section.Index] = [
                    .. onEmpty.Take(1).Select(
                        entry => NewAtom(section, kind, AtomKind.Object, 0, 0, [.. onEmpty.Select(static e => e.Symbol)], entry.File))];
            }
        }
    }

    private Atom[] Cut(ElfSection section, SectionClass kind, List<(ElfSymbol Symbol, string? File)> symbols)
    {
        if (kind is SectionClass.Strings or SectionClass.Constants)
        {
            return [NewAtom(section, kind, AtomKind.Literals, 0, section.Size, [.. symbols.Select(static entry => entry.Symbol)], null)];
        }

        var isCode = (section.Flags & ElfConstants.ShfExecinstr) != 0;
        if (symbols is [var (only, file)] && only.Value == 0 && only.Type is ElfSymbolType.Function or ElfSymbolType.Object
            && isCode == (only.Type == ElfSymbolType.Function) && only.Name.Length > 0
                && !only.Name.StartsWith(".L", StringComparison.Ordinal))
        {
            // By far the most sections, and the rest of this comes to the same.
            return [
                NewAtom(
                    section,
                    kind,
                    isCode ? AtomKind.Function : AtomKind.Object,
                    0,
                    section.Size,
                    [only],
                    only.Binding == ElfSymbolBinding.Local ? file : null)];
        }

        var starts = Starts(section, symbols, isCode);
        if (starts.Count == 0)
        {
            return [NewAtom(section, kind, isCode ? AtomKind.Function : AtomKind.Anonymous, 0, section.Size, [], null)];
        }

        var atoms = new List<Atom>(starts.Count + 1);
        if (!isCode && starts[0] > 0)
        {
            atoms.Add(NewAtom(section, kind, AtomKind.Anonymous, 0, starts[0], [], null));
        }

        for (var index = 0; index < starts.Count; index++)
        {
            // Code before the first function is its padding.
            var start = isCode && index == 0 ? 0 : starts[index];
            var end = index + 1 < starts.Count ? starts[index + 1] : section.Size;
            var inside =
                symbols.Where(
                    entry =>
                        entry.Symbol.Value >= start
                            && (entry.Symbol.Value < end || (entry.Symbol.Value == end && index + 1 == starts.Count))).ToList();
            var ordered = inside
                .OrderBy(entry => Rank(entry.Symbol, section))
                .ThenBy(static entry => entry.Symbol.Value)
                .ThenBy(static entry => entry.Symbol.Name, StringComparer.Ordinal)
                .ThenBy(static entry => entry.Symbol.Index)
                .ToList();
            atoms.Add(NewAtom(
                section,
                kind,
                isCode ? AtomKind.Function : AtomKind.Object,
                start,
                end,
                [.. ordered.Select(static entry => entry.Symbol)],
                ordered.Count > 0 && ordered[0].Symbol.Binding == ElfSymbolBinding.Local ? ordered[0].File : null));
        }

        return [.. atoms];
    }

    /// <summary>Where atoms begin: at functions (with their prefix) in code, at every symbol in data; a symbol inside
    /// another's range is a second entry, not a new beginning.</summary>
    private List<ulong> Starts(ElfSection section, List<(ElfSymbol Symbol, string? File)> symbols, bool isCode)
    {
        var candidates = symbols
            .Select(static entry => entry.Symbol)
            .Where(
                symbol =>
                    symbol.Value < section.Size
                        && (isCode ? symbol.Type == ElfSymbolType.Function : !symbol.Name.StartsWith(".L", StringComparison.Ordinal)))
            .OrderBy(static symbol => symbol.Value)
            .ThenByDescending(static symbol => symbol.Size)
            .ToList();
        if (isCode && candidates.Count == 0)
        {
            candidates = [
                .. symbols.Select(static entry => entry.Symbol)
                    .Where(symbol => symbol.Value < section.Size)
                    .OrderBy(static symbol => symbol.Value)];
        }

        var starts = new List<ulong>();
        ulong covered = 0;
        var afterPrefix = false;
        foreach (var symbol in candidates)
        {
            if (starts.Count > 0 && (symbol.Value == starts[^1] || symbol.Value < covered || (afterPrefix && symbol.Value == covered)))
            {
                covered = Math.Max(covered, symbol.Value + symbol.Size);
                afterPrefix = false;
                continue;
            }

            starts.Add(symbol.Value);
            covered = symbol.Value + symbol.Size;
            afterPrefix = isCode && _architecture.Entry.IsPrefixSymbol(symbol.Name);
        }

        return starts;
    }

    /// <summary>Which of several names is the one to speak of: the section's own, then global, then weak, then local;
    /// prefixes last.</summary>
    private int Rank(ElfSymbol symbol, ElfSection section)
    {
        if (_architecture.Entry.IsPrefixSymbol(symbol.Name))
        {
            return 9;
        }

        if (symbol.Type == ElfSymbolType.None)
        {
            return 8;
        }

        if (symbol.Name.Length > 0 && section.Name.EndsWith("." + symbol.Name, StringComparison.Ordinal))
        {
            return 0;
        }

        return symbol.Binding switch
        {
            ElfSymbolBinding.Global => 1,
            ElfSymbolBinding.Weak => 2,
            _ => 3,
        };
    }

    private Atom NewAtom(
        ElfSection section, SectionClass kind, AtomKind atomKind, ulong start, ulong end, ElfSymbol[] symbols, string? file)
    {
        var atom = new Atom(_count++, section, kind, atomKind, start, end, symbols, file);
        foreach (var symbol in symbols)
        {
            _atomsBySymbol[symbol] = atom;
        }

        return atom;
    }
}
