using LivePatch.Diff.Objects;
using LivePatch.Elf;
using LivePatch.Elf.Writing;

namespace LivePatch.Module.Extract;

/// <summary>
/// What the source tells objtool about the code, in sections the linker drops (include/linux/objtool.h; .discard.*).
///
/// Where objtool runs on the linked module, it must hear of the copied code what it hears of the original: that code behind a
/// warning's trap is reached, that a call does not return, what the stack looks like. Without, it takes code for unreachable and gives it
/// neither unwind entries nor entries in its lists. Each section is a table of entries of one size, with one field that names a place; the
/// entries whose place is in a copied function go along. References are written against sections, the only form objtool takes for some.
///
/// Limit: a section whose entries have no common size is left out; objtool's complaint is an error then.
/// </summary>
public sealed partial class ObjectExtractor
{
    private const string AnnotationPrefix = ".discard.";

    /// <summary>Keeps symbols from being dropped, and says nothing of code.</summary>
    private const string AddressableSection = ".discard.addressable";

    private void AddAnnotations()
    {
        foreach (var section in _pair.Patched.Elf.Sections)
        {
            if (section.Name.StartsWith(AnnotationPrefix, StringComparison.Ordinal) && section.Name != AddressableSection
                && section.Relocations.Count > 0 && EntrySizeOf(section) is { } size)
            {
                AddAnnotations(section, size);
            }
        }
    }

    private void AddAnnotations(ElfSection section, ulong size)
    {
        // These name the instruction behind the one they speak of, which may be the end of the function.
        var isBehind = section.Name is ".discard.reachable" or ".discard.unreachable";
        foreach (var entry in section.Relocations.GroupBy(relocation => relocation.Offset / size))
        {
            var places = entry.Select(relocation => (Relocation: relocation, Atom: CopiedAt(relocation, isBehind))).ToList();
            if (places.Exists(static place => place.Atom is null))
            {
                continue;
            }

            var output = Shared(section.Name, section.Type, section.Flags, section.Alignment, section.EntrySize);
            var at = output.Append(section.Data.Span.Slice((int)(entry.Key * size), (int)size), size, section.Alignment);
            foreach (var (relocation, atom) in places)
            {
                var (target, offset) = _places[atom!];
                output.Relocations.Add(new ElfRelocationDraft(
                    at + (relocation.Offset % size),
                    relocation.Type,
                    target.Symbol(_builder),
                    (long)relocation.Symbol.Value + relocation.Addend - (long)atom!.Start + (long)offset));
            }
        }
    }

    private Atom? CopiedAt(in ElfRelocation relocation, bool isBehind)
    {
        if (relocation.Symbol.Section is not { IsCode: true } code)
        {
            return null;
        }

        var place = (long)relocation.Symbol.Value + relocation.Addend - (isBehind ? 1 : 0);
        foreach (var atom in place < 0 ? [] : _pair.Patched.AtomsOf(code))
        {
            if ((ulong)place >= atom.Start && (ulong)place < atom.End)
            {
                return _places.ContainsKey(atom) ? atom : null;
            }
        }

        return null;
    }

    /// <summary>The distance between the first fields; null when not all entries have it.</summary>
    private static ulong? EntrySizeOf(ElfSection section)
    {
        var offsets = section.Relocations.Select(static relocation => relocation.Offset).Order().ToList();
        var size = offsets.Count == 1 ? section.Size : offsets[1] - offsets[0];
        return size > 0 && section.Size == size * (ulong)offsets.Count && offsets.Index().All(item => item.Item / size == (ulong)item.Index)
            ? size
            : null;
    }
}
