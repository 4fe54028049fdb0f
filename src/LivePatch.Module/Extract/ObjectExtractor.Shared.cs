using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Elf.Writing;

namespace LivePatch.Module.Extract;

/// <summary>New symbols that the other objects of the module use.</summary>
public sealed partial class ObjectExtractor
{
    private readonly List<(Atom Atom, string Name, string LinkName)> _sharedAtoms = [];
    private readonly List<(Atom From, string LinkName)> _siblingUses = [];
    private readonly Dictionary<Atom, string> _late = [];

    /// <summary>A second, global name for a new symbol. Names starting with "klp_" and the object's number meet no other.</summary>
    private void AddShared(Atom atom, ElfSymbolDraft own, string linkName)
    {
        var draft = _builder.AddSymbol(linkName);
        draft.Value = own.Value;
        draft.Size = own.Size;
        draft.Type = own.Type;
        draft.Binding = ElfSymbolBinding.Global;
        draft.Section = own.Section;
        _sharedAtoms.Add((atom, own.Name, linkName));
    }

    private List<SharedSymbol> SharedSymbols()
    {
        var result = new List<SharedSymbol>();
        foreach (var (atom, name, linkName) in _sharedAtoms)
        {
            var reached = Reached(atom);
            result.Add(new SharedSymbol(
                name,
                linkName,
                reached.Select(item => _late.GetValueOrDefault(item)).FirstOrDefault(static late => late is not null),
                [.. _siblingUses.Where(use => reached.Contains(use.From)).Select(static use => use.LinkName).Distinct()]));
        }

        return result;
    }

    /// <summary>The copied atoms that using an atom may lead to.</summary>
    private HashSet<Atom> Reached(Atom start)
    {
        var reached = new HashSet<Atom> { start };
        var queue = new Queue<Atom>(reached);
        while (queue.TryDequeue(out var atom))
        {
            foreach (var next in atom.References.Select(static reference => reference.Target).Concat(atom.Attachments).Concat(atom.Parts))
            {
                if (next is not null && _places.ContainsKey(next) && reached.Add(next))
                {
                    queue.Enqueue(next);
                }
            }
        }

        return reached;
    }
}
