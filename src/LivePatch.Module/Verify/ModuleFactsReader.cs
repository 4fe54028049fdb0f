using System.Globalization;
using System.Text;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel;
using LivePatch.Module.PostLink;

namespace LivePatch.Module.Verify;

/// <summary>
/// Reads a livepatch module. klp_func rows are found through the relocations of klp_enable_patch's argument:
/// structure sizes differ between kernels, but in every one a klp_func begins with old_name, new_func, old_sympos and a
/// klp_object with name, funcs (include/linux/livepatch.h, 5.10 to 7.2). What a pointer is shows in the section it leads to: names
/// are read-only, tables can be written to, functions are code. Names need not be in a section of strings: the module linker script of
/// 7.2 puts them and all other constants into one .rodata. Modules of other makers that fill the tables at run time show no rows here.
/// </summary>
internal sealed class ModuleFactsReader(ElfObject module)
{
    public ModuleFacts Read()
    {
        var relocations = module.Sections
            .Where(static section => section.IsRela && (section.Flags & ElfConstants.ShfRelaLivepatch) != 0)
            .Select(static section => (section.Name, section.Target?.Name ?? "?", section.Entries.Count))
            .ToList();
        var undefined = module.Symbols
            .Where(static symbol => symbol.Index != 0 && symbol.IsUndefined && symbol.Name.Length > 0)
            .Select(static symbol => (symbol.Name, symbol.Binding == ElfSymbolBinding.Weak))
            .ToList();
        return new ModuleFacts(Information(module), KlpSymbols(), relocations, undefined, Functions());
    }

    internal static List<KeyValuePair<string, string>> Information(ElfObject module)
    {
        var result = new List<KeyValuePair<string, string>>();
        foreach (var section in module.Sections.Where(static section => section.Name == ".modinfo"))
        {
            foreach (var entry in Encoding.UTF8.GetString(section.Data.Span).Split('\0', StringSplitOptions.RemoveEmptyEntries))
            {
                var equals = entry.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0)
                {
                    result.Add(KeyValuePair.Create(entry[..equals], entry[(equals + 1)..]));
                }
            }
        }

        return result;
    }

    private List<KlpSymbolFact> KlpSymbols() =>
        [.. module.Symbols.Where(static symbol => symbol.IsLivepatch).Select(static symbol => Parse(symbol.Name)).OfType<KlpSymbolFact>()];

    /// <summary>.klp.sym.OBJECT.NAME,POS; null for another form.</summary>
    internal static KlpSymbolFact? Parse(string name)
    {
        const string prefix = ".klp.sym.";
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = name[prefix.Length..];
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        var comma = rest.LastIndexOf(',');
        return dot > 0 && comma > dot + 1
            && uint.TryParse(rest.AsSpan(comma + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? new KlpSymbolFact(rest[..dot], rest[(dot + 1)..comma], position)
            : null;
    }

    private List<KlpFunctionFact> Functions()
    {
        var result = new List<KlpFunctionFact>();
        foreach (
            var objects in module.Symbols.Where(static symbol => symbol is { Name: "objs", Type: ElfSymbolType.Object, Section: not null }))
        {
            var section = objects.Section!;
            var fields = Pointers(section, objects.Value, objects.Size);
            foreach (var (offset, target, addend) in fields.Where(static field => IsTable(field.Target)))
            {
                var functions = Resolve(target, addend);
                if (functions is not { } place)
                {
                    continue;
                }

                // funcs is the field behind name; name is absent for vmlinux.
                var name = fields.FirstOrDefault(field => field.Offset == offset - 8 && IsName(field.Target));
                var objectName = name.Target is null ? ModuleName.Vmlinux : Text(name.Target, name.Addend);
                result.AddRange(Rows(place.Section, place.Offset, objectName));
            }
        }

        return result;
    }

    private List<KlpFunctionFact> Rows(ElfSection section, ulong start, string objectName)
    {
        var end = module.Symbols
            .Where(symbol => symbol.Section == section && symbol.Type == ElfSymbolType.Object && symbol.Value == start)
            .Select(static symbol => symbol.Value + symbol.Size).FirstOrDefault(section.Size);
        var fields = Pointers(section, start, end - start);
        var result = new List<KlpFunctionFact>();
        foreach (var (offset, target, addend) in fields.Where(field => IsName(field.Target)))
        {
            var next = fields.FirstOrDefault(field => field.Offset == offset + 8);
            if (next.Target is null || offset + 24 > (ulong)section.Data.Length)
            {
                continue;
            }

            var sympos = section.Order.ReadUInt64(section.Data.Span[(int)(offset + 16)..]);
            result.Add(new KlpFunctionFact(objectName, Text(target, addend), sympos, FunctionName(next.Target, next.Addend)));
        }

        return result;
    }

    private static List<(ulong Offset, ElfSymbol Target, long Addend)> Pointers(ElfSection section, ulong start, ulong size) =>
        [.. section.Relocations
            .Where(relocation => relocation.Offset >= start && relocation.Offset < start + size)
            .OrderBy(static relocation => relocation.Offset)
            .Select(static relocation => (relocation.Offset, relocation.Symbol, relocation.Addend))];

    private static bool IsName(ElfSymbol symbol) =>
        symbol.Section is { IsAllocated: true, IsCode: false } section && (section.Flags & ElfConstants.ShfWrite) == 0;

    private static bool IsTable(ElfSymbol symbol) =>
        symbol.Section is { IsAllocated: true, IsCode: false } section && (section.Flags & ElfConstants.ShfWrite) != 0;

    private static (ElfSection Section, ulong Offset)? Resolve(ElfSymbol symbol, long addend) =>
        symbol.Section is { } section && (long)symbol.Value + addend >= 0 ? (section, (ulong)((long)symbol.Value + addend)) : null;

    private static string Text(ElfSymbol symbol, long addend)
    {
        var at = (long)symbol.Value + addend;
        var bytes = symbol.Section!.Data.Span;
        if (at < 0 || at >= bytes.Length)
        {
            return string.Empty;
        }

        var rest = bytes[(int)at..];
        var end = rest.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? rest : rest[..end]);
    }

    private string FunctionName(ElfSymbol symbol, long addend)
    {
        if (Resolve(symbol, addend) is not { } place)
        {
            return symbol.Name;
        }

        // Before post-link the alias the table names and the function's own local symbol share a place; the local one is for people.
        return module.Symbols
            .Where(
                candidate =>
                    candidate.Section == place.Section && candidate.Type == ElfSymbolType.Function && candidate.Value == place.Offset)
            .OrderBy(static candidate => candidate.Index)
            .Select(
                static candidate =>
                    candidate.Name.EndsWith(LinkTimeSymbol.Suffix, StringComparison.Ordinal)
                        ? candidate.Name[..^LinkTimeSymbol.Suffix.Length]
                        : candidate.Name)
            .FirstOrDefault(symbol.DisplayName);
    }
}
