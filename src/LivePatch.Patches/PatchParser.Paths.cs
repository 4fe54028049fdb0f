namespace LivePatch.Patches;

internal sealed partial class PatchParser
{
    /// <summary>Turns names of headers into paths of the tree.</summary>
    private List<PatchedFile> Resolve()
    {
        var level = Level();
        var result = new List<PatchedFile>();
        foreach (var draft in _drafts)
        {
            var (oldPath, newPath) = PathsOf(draft, level);

            // A file that is there cannot be new: it is empty, and old diffs write that like a new one.
            var isNew = draft.IsNew && (draft.IsGit || draft.Old == PatchNames.NoFile || !existsInTree(newPath));
            var kind = isNew ? PatchedFileKind.Added
                : draft.IsDeleted ? PatchedFileKind.Deleted
                : draft.RenameFrom is not null ? PatchedFileKind.Renamed : PatchedFileKind.Modified;
            if (kind == PatchedFileKind.Added
                && (draft.Hunks.Count > 1 || draft.Hunks.Exists(static hunk => hunk.OldCount > 0 || hunk.OldStart > 0)))
            {
                Fail(PatchDiagnostics.Malformed, draft.Line - 1, "The file is said to be new, and a hunk for it has lines of an old one.");
            }
            else if (kind == PatchedFileKind.Deleted && (draft.Hunks.Count > 1 || draft.Hunks.Exists(static hunk => hunk.NewCount > 0)))
            {
                Fail(PatchDiagnostics.Malformed, draft.Line - 1, "The file is said to go, and a hunk for it leaves lines of it.");
            }

            result.Add(new PatchedFile(oldPath, newPath, kind, draft.Hunks, draft.Line));
        }

        return result;
    }

    private (string Old, string New) PathsOf(PatchDraft draft, int level)
    {
        if (draft is { RenameFrom: { } from, RenameTo: { } to })
        {
            return (Checked(from, 0, draft), Checked(to, 0, draft));
        }

        if (draft.IsNew || draft.IsDeleted)
        {
            var name = draft.Old == PatchNames.NoFile || (draft.IsNew && draft.New != PatchNames.NoFile) ? draft.New : draft.Old;
            var path = Checked(name, level, draft);
            return (path, path);
        }

        // Both names are of one file; "x.c.orig" and the like are no names in the tree (POSIX patch decides so too).
        var newPath = Checked(draft.New, level, draft);
        var oldPath = Checked(draft.Old, level, draft);
        if (oldPath != newPath && !_failed
            && (draft.IsGit || (existsInTree(oldPath) && existsInTree(newPath)) || !IsKeptCopy(oldPath, newPath)))
        {
            Fail(
                PatchDiagnostics.Malformed,
                draft.Line - 1,
                $"It names two files, {oldPath} and {newPath}, and does not say that one becomes the other.");
        }

        return existsInTree(oldPath) && !existsInTree(newPath) ? (oldPath, oldPath) : (newPath, newPath);
    }

    /// <summary>True when one name is the other with something after it: ".orig", ".old", "~".</summary>
    private static bool IsKeptCopy(string old, string @new)
    {
        var (shorter, longer) = old.Length < @new.Length ? (old, @new) : (@new, old);
        return longer.StartsWith(shorter, StringComparison.Ordinal) && !longer[shorter.Length..].Contains('/', StringComparison.Ordinal);
    }

    /// <summary>
    /// How many leading components the names have that are not the tree's ("a/", "linux-6.1/", "a/linux-6.1/"): one level for
    /// the whole patch, the one that leads to most files of the tree, and among equal ones the usual one. A patch of new
    /// files only has none to go by; then git's prefixes tell, or a makefile beside the new file.
    /// </summary>
    private int Level()
    {
        var names = _drafts.Where(static draft => draft.RenameFrom is null)
            .SelectMany(static draft => new[] { draft.Old, draft.New }.Where(static name => name != PatchNames.NoFile).Distinct())
            .ToList();
        if (BestLevel(names, existsInTree) is { } level)
        {
            return level;
        }

        return names.TrueForAll(
            static name => name.StartsWith("a/", StringComparison.Ordinal) || name.StartsWith("b/", StringComparison.Ordinal))
            ? 1
            : BestLevel(names, HasMakefileBeside) ?? 1;
    }

    private static int? BestLevel(List<string> names, Func<string, bool> holds)
    {
        var best = (Level: 1, Votes: 0);
        foreach (var level in (int[])[1, 0, 2, 3])
        {
            // A name with fewer components would keep its last one, which says nothing.
            var votes = names.Count(name => name.Count(static c => c == '/') >= level && holds(PatchNames.Strip(name, level)));
            best = votes > best.Votes ? (level, votes) : best;
        }

        return best.Votes > 0 ? best.Level : null;
    }

    private bool HasMakefileBeside(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash > 0 && (existsInTree(path[..slash] + "/Makefile") || existsInTree(path[..slash] + "/Kbuild"));
    }

    private string Checked(string name, int level, PatchDraft draft)
    {
        var path = PatchNames.Strip(name, level);
        var parts = path.Split('/');
        if (_failed)
        {
            return path;
        }

        if (name.StartsWith('/') || path.StartsWith('/') || parts.Contains(".."))
        {
            Fail(PatchDiagnostics.OutsideTree, draft.Line - 1, $"It names '{name}'.");
        }
        else if (path.Length == 0 || path.EndsWith('/') || path.Any(static c => char.IsControl(c)))
        {
            Fail(PatchDiagnostics.Malformed, draft.Line - 1, "The name in the file's header is not a file name.");
        }

        return string.Join('/', parts.Where(static part => part.Length > 0 && part != "."));
    }
}
