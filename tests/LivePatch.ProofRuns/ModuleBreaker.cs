using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.ProofRuns;

/// <summary>
/// Breaks one thing of a module at random.
///
/// Everything a loader or the kernel reads of a module's code and data is a candidate: what a relocation names, adds, writes, and where;
/// bytes of code, of literals and other data; entries of tables, changed, dropped and doubled; names, positions and owners of livepatch
/// symbols; values of symbols; flags of sections.
/// </summary>
internal static class ModuleBreaker
{
    private static readonly string[] Metadata = [".modinfo", "__versions", ".gnu.linkonce.this_module", ".note", ".debug", ".comment",
        ".symtab", ".strtab", ".shstrtab", ".BTF"];

    public static (byte[] File, Break Break)? Apply(ElfObject module, Random random, SpecialSectionCatalog catalog,
        IArchitecture architecture)
    {
        var builder = ElfObjectBuilder.From(module);
        var relas = builder.Sections.Where(static section => section is { Type: ElfConstants.ShtRela, Target: { } target }
            && (target.Flags & ElfConstants.ShfAlloc) != 0
            && section.Relocations.Count > 0 && !IsMetadata(target.Name)).ToList();
        var made = random.Next(14) switch
        {
            0 or 1 => Relocation("a relocation's symbol", (entry, _) =>
            {
                var other = builder.Symbols[random.Next(builder.Symbols.Count)];
                return entry.Symbol == other ? null : entry with { Symbol = other };
            }),
            2 or 3 => Relocation("a relocation's addend", (entry, _) => entry with { Addend = entry.Addend + Distance() }),
            4 => Relocation("a relocation's type", (entry, _) =>
            {
                var types = Enumerable.Range(1, 24).Select(static type => (uint)type).Where(architecture.Relocations.IsLoadable).ToList();
                var other = types[random.Next(types.Count)];
                return other == entry.Type ? null : entry with { Type = other };
            }),
            5 => Relocation("a relocation's offset", (entry, rela) =>
            {
                var offset = entry.Offset + (ulong)Distance();
                return offset < SizeOf(rela.Target!) - 8 ? entry with { Offset = offset } : null;
            }),
            6 => Dropped(),
            7 or 8 => Byte("a byte of code", static section => (section.Flags & ElfConstants.ShfExecinstr) != 0),
            9 => Byte("a byte of a literal or constant", section =>
                (section.Flags & (ElfConstants.ShfExecinstr | ElfConstants.ShfWrite)) == 0 && catalog.Find(section.Name) is null),
            10 => random.Next(2) == 0 ? Byte("a byte of a table", section => catalog.Find(section.Name) is not null
                || section.Name.StartsWith("runtime_", StringComparison.Ordinal)) : Row(),
            11 => Klp(),
            12 => Symbol(),
            _ => Flags(),
        };
        return made is null ? null : (builder.ToArray(), made);

        long Distance() => (random.Next(2) == 0 ? 1 : -1) * random.Next(4) switch { 0 => 1, 1 => 4, 2 => 8, _ => random.Next(1, 200) };

        Break? Relocation(string kind, Func<ElfRelocationDraft, ElfSectionDraft, ElfRelocationDraft?> change)
        {
            var (rela, index) = Pick();
            var entry = rela.Relocations[index];
            if (change(entry, rela) is not { } changed)
            {
                return null;
            }

            rela.Relocations[index] = changed;
            return At(kind, rela.Target!, (long)entry.Offset,
                $"{entry.Type} {entry.Symbol?.Name}{entry.Addend:+#;-#;} became {changed.Type} {changed.Symbol?.Name}{changed.Addend:+#;-#;} at 0x{changed.Offset:x}");
        }

        (ElfSectionDraft Rela, int Index) Pick()
        {
            var at = random.Next(relas.Sum(static rela => rela.Relocations.Count));
            foreach (var rela in relas)
            {
                if (at < rela.Relocations.Count)
                {
                    return (rela, at);
                }

                at -= rela.Relocations.Count;
            }

            throw new InvalidOperationException();
        }

        Break? Dropped()
        {
            var (rela, index) = Pick();
            var entry = rela.Relocations[index];
            rela.Relocations.RemoveAt(index);
            return At("a relocation dropped", rela.Target!, (long)entry.Offset, $"{entry.Symbol?.Name}{entry.Addend:+#;-#;} dropped");
        }

        Break? Byte(string kind, Func<ElfSectionDraft, bool> suits)
        {
            var sections = builder.Sections.Where(section => section.Type == ElfConstants.ShtProgbits
                && (section.Flags & ElfConstants.ShfAlloc) != 0
                && section.Data.Length > 0 && !IsMetadata(section.Name) && suits(section)).ToList();
            if (sections.Count == 0)
            {
                return null;
            }

            var at = random.Next(sections.Sum(static section => section.Data.Length));
            foreach (var section in sections)
            {
                if (at < section.Data.Length)
                {
                    var bytes = section.Data.ToArray();
                    var before = bytes[at];
                    bytes[at] = (byte)(random.Next(2) == 0 ? before ^ (1 << random.Next(8)) : random.Next(256));
                    section.Data = bytes;
                    return bytes[at] == before ? null : At(kind, section, at, $"0x{before:x2} became 0x{bytes[at]:x2}");
                }

                at -= section.Data.Length;
            }

            return null;
        }

        Break? Row()
        {
            var tables = builder.Sections.Where(section => section.Data.Length > 0 && catalog.Find(section.Name) is { } special && catalog
                .KnownEntrySize(special) is not null).ToList();
            if (tables.Count == 0)
            {
                return null;
            }

            var table = tables[random.Next(tables.Count)];
            var size = catalog.KnownEntrySize(catalog.Find(table.Name)!)!.Value;
            var count = table.Data.Length / size;
            if (count == 0)
            {
                return null;
            }

            var row = random.Next(count);
            var start = row * size;
            var isDoubled = random.Next(3) == 0;
            var shift = isDoubled ? size : -size;
            var data = table.Data.ToArray();
            byte[] rows = isDoubled ? [.. data[..(start + size)], .. data[start..]] : [.. data[..start], .. data[(start + size)..]];
            table.Data = rows;
            foreach (var rela in builder.Sections.Where(section => section.Type == ElfConstants.ShtRela && section.Target == table))
            {
                var moved = new List<ElfRelocationDraft>();
                foreach (var entry in rela.Relocations)
                {
                    if (entry.Offset < (ulong)start)
                    {
                        moved.Add(entry);
                    }
                    else if (entry.Offset < (ulong)(start + size))
                    {
                        if (isDoubled)
                        {
                            moved.Add(entry);
                            moved.Add(entry with { Offset = entry.Offset + (ulong)size });
                        }
                    }
                    else
                    {
                        moved.Add(entry with { Offset = entry.Offset + (ulong)shift });
                    }
                }

                rela.Relocations.Clear();
                rela.Relocations.AddRange(moved);
            }

            return At(isDoubled ? "a row doubled" : "a row dropped", table, start, $"row {row}");
        }

        Break? Klp()
        {
            var symbols = builder.Symbols.Where(static symbol => symbol.ReservedIndex == ElfConstants.ShnLivepatch).ToList();
            if (symbols.Count == 0)
            {
                return null;
            }

            var symbol = symbols[random.Next(symbols.Count)];
            var before = symbol.Name;
            symbol.Name = random.Next(4) switch
            {
                0 => before[..before.LastIndexOf(',')] + "," + random.Next(1, 4),
                1 => before.Insert(before.LastIndexOf(','), "x"),
                2 => symbols[random.Next(symbols.Count)].Name,
                _ => before.Contains(".vmlinux.", StringComparison.Ordinal)
                    ? before.Replace(".vmlinux.", ".ext4.", StringComparison.Ordinal)
                    : ".klp.sym.vmlinux" + before[before.IndexOf('.', ".klp.sym.".Length)..],
            };
            return symbol.Name == before ? null : new Break("a klp symbol's name or position", string.Empty, -1, -1,
                $"{before} became {symbol.Name}");
        }

        Break? Symbol()
        {
            var symbols = builder.Symbols.Where(static symbol => symbol is { Section: { } section, Type: not ElfSymbolType.Section }
                && (section.Flags & ElfConstants.ShfAlloc) != 0
                && !IsMetadata(section.Name)).ToList();
            var symbol = symbols[random.Next(symbols.Count)];
            var value = symbol.Value + (ulong)Distance();
            if (value + symbol.Size > SizeOf(symbol.Section!))
            {
                return null;
            }

            var text = $"{symbol.Name} at 0x{symbol.Value:x} went to 0x{value:x}";
            var at = (long)symbol.Value;
            symbol.Value = value;
            return At("a symbol's value", symbol.Section!, at, text);
        }

        Break? Flags()
        {
            var sections = builder.Sections.Where(static section => (section.Flags & ElfConstants.ShfAlloc) != 0
                && !IsMetadata(section.Name)
                && (section.Data.Length > 0 || section.NobitsSize > 0 || section.Type == ElfConstants.ShtRela)).ToList();
            var section = sections[random.Next(sections.Count)];
            ulong[] flags = [ElfConstants.ShfAlloc, ElfConstants.ShfExecinstr, ElfConstants.ShfWrite, ElfConstants.ShfRelaLivepatch,
                ElfConstants.ShfMerge];
            var flag = flags[random.Next(flags.Length)];
            section.Flags ^= flag;
            return At("a section's flags", section.Type == ElfConstants.ShtRela ? section.Target! : section, -1,
                $"{section.Name}: 0x{flag:x} turned over");
        }

        Break At(string kind, ElfSectionDraft section, long offset, string text) =>
            new(kind, section.Name, builder.Sections.ToList().IndexOf(section), offset,
                $"{section.Name}{(offset < 0 ? string.Empty : $"+0x{offset:x}")}: {text}");
    }

    private static ulong SizeOf(ElfSectionDraft section) => section.Type == ElfConstants.ShtNobits ? section.NobitsSize
        : (ulong)section.Data.Length;

    public static bool IsMetadata(string name) => Array.Exists(Metadata, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
