using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;

namespace LivePatch.Module.Extract;

/// <summary>
/// Tables for patched code that a kernel reads at boot and that no module loader reads.
///
/// Sections of an object that hold places in code are gathered by the kernel's linker script, and boot code walks them. What the
/// loader of modules walks too is in the machine's catalog. Anything else would be carried along without effect, and the code
/// would stay as the compiler left it. One kind can be helped: constants that are written into the code once they are known
/// (include/asm/runtime-const.h, Linux 6.10). Each is the value of a variable whose name is the section's, which the running kernel still
/// has; the livepatch writes it itself before the code is used. All others are refused.
/// </summary>
public sealed partial class ObjectExtractor
{
    private List<RuntimeConstant> RuntimeConstants()
    {
        var architecture = _pair.Patched.Architecture;
        var known = architecture.Tables.Catalog(new Dictionary<string, int>());
        var result = new List<RuntimeConstant>();
        foreach (var table in _diff.Selection.Atoms.Where(atom => atom.Class == SectionClass.SpecialTable && known.Find(atom.Section.Name) is null)
            .GroupBy(static atom => atom.Section.Name, StringComparer.Ordinal))
        {
            var function = table.First().Parent is { Symbol: { } symbol } ? symbol.Name : table.Key;
            var place = DiagnosticLocation.InSymbol(_pair.Patched.Name, function);
            if (architecture.Tables.RuntimeConstant(table.Key) is not { } constant)
            {
                _diagnostics.Add(ModuleDiagnostics.BootOnlyTable.At(
                    place,
                    $"It has entries in {table.Key}, which this kernel gathers from its own code and reads at boot; nothing reads them "
                        + $"in a module."));
                continue;
            }

            // The variable is the object's own or another's; how often its name occurs in the kernel is the resolver's affair.
            var own = _pair.Original.Atoms.FirstOrDefault(atom => atom.Kind == AtomKind.Object && atom.Name == constant.Variable);
            if (Find(constant.Variable, own, place) is { } variable
                && architecture.ModuleCode.Writing is { } writing
                    && writing.Symbols.All(needed => Find(needed.Symbol, null, place) is not null))
            {
                result.Add(new RuntimeConstant(table.Key, variable, constant.Width));
            }
        }

        return result;
    }

    private SymbolResolution.Klp? Find(string name, Atom? own, DiagnosticLocation place) =>
        _resolver.Locate(new SymbolRequest(name, own?.Symbol is { Binding: Elf.ElfSymbolBinding.Local }, false, own, place), _diagnostics);
}
