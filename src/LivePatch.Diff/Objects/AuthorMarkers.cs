using LivePatch.Elf.Native;

namespace LivePatch.Diff.Objects;

/// <summary>
/// Reads what the patch's author marked to be left alone: pointers to functions in a section
/// <c>.klp.ignore.functions</c>, pointers to section names in <c>.klp.ignore.sections</c>. The same sections under
/// <c>.kpatch.</c> are read too, so that patches written for kpatch's KPATCH_IGNORE_FUNCTION and KPATCH_IGNORE_SECTION work.
/// </summary>
internal static class AuthorMarkers
{
    public const string Prefix = ".klp.ignore.";
    public const string KpatchPrefix = ".kpatch.ignore.";

    /// <summary>The atoms the author marked, with the words to report it by.</summary>
    public static IEnumerable<(Atom Atom, string Text)> Read(KernelObject patched)
    {
        foreach (var (section, reference) in patched.Atoms
            .Where(static atom => atom.Class == SectionClass.Marker)
            .SelectMany(static atom => atom.References.Select(reference => (atom.Section.Name, reference))))
        {
            if (reference.Target is not { } target)
            {
                continue;
            }

            if (section.EndsWith(".functions", StringComparison.Ordinal))
            {
                foreach (var atom in (Atom[])[target, .. target.Parts])
                {
                    yield return (atom, "the patch marks the function to be ignored");
                }
            }
            else if (section.EndsWith(".sections", StringComparison.Ordinal))
            {
                var name = Text(target, reference.TargetOffset);
                foreach (var atom in patched.Atoms.Where(atom => atom.Section.Name == name))
                {
                    yield return (atom, $"the patch marks section {name} to be ignored");
                }
            }
        }
    }

    private static string Text(Atom target, long offset)
    {
        var bytes = target.Section.Data.Span;
        var start = target.Kind == AtomKind.Literals ? offset : (long)target.Start + offset;
        if (target.Section.Type == ElfConstants.ShtNobits || start < 0 || start >= bytes.Length)
        {
            return string.Empty;
        }

        var rest = bytes[(int)start..];
        var end = rest.IndexOf((byte)0);
        return System.Text.Encoding.Latin1.GetString(end < 0 ? rest : rest[..end]);
    }
}
