using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Elf;

namespace LivePatch.Proof;

/// <summary>
/// The objects of a build, kept in a directory so that the module can be proved again later, by anybody: the files, and a list with a
/// line for each object and owner: owner, path in the kernel tree, file before the patch, file after it, separated by tabs.
/// </summary>
public static class ProofObjects
{
    private const string ListName = "objects";

    /// <summary>Keeps objects.</summary>
    /// <param name="directory">Made when it is not there.</param>
    /// <param name="objects">Owner, path and the two files of each.</param>
    public static void Write(string directory, IEnumerable<(string Owner, string Path, string Before, string After)> objects)
    {
        Directory.CreateDirectory(directory);
        var lines = new List<string>();
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in objects)
        {
            lines.Add(string.Join('\t', item.Owner, item.Path, Keep(item.Before, ".before.o"), Keep(item.After, ".after.o")));

            string Keep(string file, string suffix)
            {
                if (!kept.TryGetValue(file, out var name))
                {
                    kept.Add(file, name = $"{kept.Count / 2}-{Path.GetFileNameWithoutExtension(item.Path)}{suffix}");
                    File.Copy(file, Path.Combine(directory, name), overwrite: true);
                }

                return name;
            }
        }

        AtomicFile.Write(Path.Combine(directory, ListName), System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
    }

    /// <summary>Reads them again; null when a fatal diagnostic was added.</summary>
    public static IReadOnlyList<ProofObject>? TryRead(string directory, DiagnosticBag diagnostics)
    {
        var list = Path.Combine(directory, ListName);
        string[] lines;
        try
        {
            lines = File.ReadAllLines(list);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(ProofDiagnostics.NoObjects.At(list, problem.Message));
            return null;
        }

        var result = new List<ProofObject>();
        var files = new Dictionary<string, ElfObject?>(StringComparer.Ordinal);
        for (var index = 0; index < lines.Length; index++)
        {
            if (lines[index].Split('\t') is not [{ Length: > 0 } owner, { Length: > 0 } path, var before, var after])
            {
                diagnostics.Add(ProofDiagnostics.NoObjects.At(DiagnosticLocation.AtLine(list, index + 1),
                    "A line has an owner, a path and two files, with tabs between."));
                return null;
            }

            if (Read(before) is not { } original || Read(after) is not { } patched)
            {
                return null;
            }

            result.Add(new ProofObject(path, owner, original, patched));
        }

        return result;

        ElfObject? Read(string name)
        {
            if (!files.TryGetValue(name, out var file))
            {
                files.Add(name, file = ElfObject.TryRead(Path.Combine(directory, name), diagnostics, name));
            }

            return file;
        }
    }
}
