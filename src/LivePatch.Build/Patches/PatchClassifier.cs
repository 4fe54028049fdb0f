using LivePatch.Core.Diagnostics;

namespace LivePatch.Build.Patches;

/// <summary>Sorts the files of patches by what can be done about them. The kernel's layout is the same from 5.10 to 6.12.</summary>
public static class PatchClassifier
{
    private static readonly string[] NotKernelDirectories = ["Documentation/", "tools/", "samples/", "scripts/", "LICENSES/"];

    /// <summary>False for documentation, tools and the like, which are not part of the kernel that runs.</summary>
    public static bool IsKernelCode(string path) =>
        !Array.Exists(NotKernelDirectories, directory => path.StartsWith(directory, StringComparison.Ordinal))
        && Path.GetFileName(path) is not ("MAINTAINERS" or "CREDITS" or "README" or ".gitignore" or ".mailmap")
        && Path.GetExtension(path) is not (".rst" or ".txt");

    /// <summary>Sorts; every file that cannot be livepatched gets its refusal.</summary>
    /// <param name="patches">The patches.</param>
    /// <param name="existsInTree">Tells whether the kernel source has a path.</param>
    /// <param name="diagnostics">Receives refusals and notes.</param>
    public static PatchPlan Classify(IReadOnlyList<PatchFile> patches, Func<string, bool> existsInTree, DiagnosticBag diagnostics)
    {
        var sources = new List<string>();
        var headers = new List<string>();
        var ignored = new List<string>();
        var deleted = new List<string>();
        var before = diagnostics.Count(static item => item.IsFatal);
        foreach (var (patch, file) in patches.SelectMany(static patch => patch.Files.Select(file => (patch, file))))
        {
            var place = DiagnosticLocation.AtLine(patch.Name, file.PatchLine);
            if (!IsKernelCode(file.Path) || IsOnlyText(file))
            {
                ignored.Add(file.Path);
                diagnostics.Add(PatchDiagnostics.Ignored.At(place, $"{file.Path} is not code of the running kernel."));
            }
            else if (Refusal(file.Path) is { } refusal)
            {
                diagnostics.Add(refusal.Descriptor.At(place, $"{file.Path} {refusal.Why}."));
            }
            else
            {
                Sort(file, existsInTree, sources, headers, deleted);
            }
        }

        if (sources.Count == 0 && headers.Count == 0 && deleted.Count == 0 && diagnostics.Count(static item => item.IsFatal) == before)
        {
            diagnostics.Add(PatchDiagnostics.NothingBuilt.At(patches[0].Name, "Every file it touches is documentation, a tool or the like."));
        }

        return new PatchPlan([.. sources.Except(deleted).Distinct()], [.. headers.Distinct()], ignored, deleted);
    }

    private static void Sort(PatchedFile file, Func<string, bool> existsInTree, List<string> sources, List<string> headers, List<string> deleted)
    {
        var isHeader = Path.GetExtension(file.Path) == ".h";
        if (file.Kind == PatchedFileKind.Deleted)
        {
            (isHeader ? headers : deleted).Add(file.OldPath);
            return;
        }

        (isHeader ? headers : sources).Add(file.NewPath);
        if (file.Kind == PatchedFileKind.Renamed && !isHeader && existsInTree(file.OldPath))
        {
            deleted.Add(file.OldPath);
        }
    }

    private static (DiagnosticDescriptor Descriptor, string Why)? Refusal(string path)
    {
        var name = Path.GetFileName(path);
        var extension = Path.GetExtension(path);
        if (path.Contains("/vdso/", StringComparison.Ordinal))
        {
            return (PatchDiagnostics.BootOrVdso, "is code of the vdso, which runs in user space");
        }

        if ((path.StartsWith("arch/", StringComparison.Ordinal) && path.Contains("/boot/", StringComparison.Ordinal))
            || path.Contains("/realmode/", StringComparison.Ordinal) || path.Contains("/purgatory/", StringComparison.Ordinal)
            || path.StartsWith("drivers/firmware/efi/libstub/", StringComparison.Ordinal))
        {
            return (PatchDiagnostics.BootOrVdso, "is boot code, which has already run");
        }

        if (name is "Makefile" or "Kbuild" || name.StartsWith("Kconfig", StringComparison.Ordinal) || name.StartsWith("Makefile.", StringComparison.Ordinal))
        {
            return (PatchDiagnostics.BuildFiles, "decides what is built and how");
        }

        if (extension is ".S" or ".s")
        {
            return (PatchDiagnostics.Assembly, "is assembly");
        }

        if (extension is ".c" or ".h")
        {
            return path.StartsWith("usr/", StringComparison.Ordinal)
                ? (PatchDiagnostics.OtherFile, "belongs to the initial file system's tools")
                : null;
        }

        return (PatchDiagnostics.OtherFile, "is no C source");
    }

    /// <summary>True for a Kconfig change of help text and comments only.</summary>
    private static bool IsOnlyText(PatchedFile file)
    {
        if (!Path.GetFileName(file.Path).StartsWith("Kconfig", StringComparison.Ordinal))
        {
            return false;
        }

        // Help text is indented by a tab and two spaces; statements by one tab (Documentation/process/coding-style.rst).
        return file.Hunks.SelectMany(static hunk => hunk.Lines)
            .Where(static line => line[0] is '+' or '-')
            .Select(static line => line[1..])
            .All(static line => line.Trim().Length == 0 || line.StartsWith('#') || line.StartsWith("\t  ", StringComparison.Ordinal));
    }
}
