using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;
using LivePatch.Patches;

namespace LivePatch.Kbuild.Headers;

/// <summary>
/// From changed headers to the objects that must be compiled: those whose includes lead to a changed header, less those whose
/// preprocessed text stays the same.
///
/// The objects come from Kbuild's own makefiles (<see cref="CompileDatabase"/>), the includes from the files themselves
/// (<see cref="IncludeIndex"/>); both are read once per kernel. A whole build would know the includes too (its .d files), and takes half an
/// hour. Every step may keep an object too much and must not lose one: an object whose command is not known stays as long as
/// its source may include a changed header.
/// </summary>
/// <param name="tree">The unpatched tree.</param>
/// <param name="database">What the kernel's configuration builds.</param>
/// <param name="runner">Runs make and the preprocessor.</param>
/// <param name="progress">Told how far it is.</param>
/// <param name="diagnostics">Receives refusals and notes.</param>
public sealed class HeaderPass(
    WorkTree tree, CompileDatabase database, IProcessRunner runner, IBuildProgress progress, DiagnosticBag diagnostics)
{
    private const int MostShown = 5;

    /// <summary>Finds the objects to compile, and says what cannot be patched.</summary>
    /// <param name="headers">Changed, new and removed headers, relative to the tree.</param>
    /// <param name="generated">Generated files that the patch changes, which lie in the patched tree.</param>
    /// <param name="own">Objects that are compiled anyway, because their source changes.</param>
    /// <param name="overlay">The patched tree. Directories are made real in it where a compile needs that.</param>
    /// <param name="temporary">A directory for intermediate files.</param>
    /// <param name="jobs">Preprocessors at a time.</param>
    /// <param name="maxObjects">How many objects may be looked at.</param>
    /// <param name="cancellationToken">Ends everything.</param>
    /// <returns>The objects, without those in <paramref name="own"/>.</returns>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    public async Task<IReadOnlyList<KbuildObject>> ObjectsAsync(
        IReadOnlyList<string> headers,
        IReadOnlyList<string> generated,
        IReadOnlyCollection<string> own,
        PatchOverlay overlay,
        string temporary,
        int jobs,
        int maxObjects,
        CancellationToken cancellationToken)
    {
        var followed = headers.Where(header => IsToBeFollowed(header, overlay.Root)).Concat(generated).ToList();
        if (followed.Count == 0 || diagnostics.HasFatal)
        {
            return [];
        }

        progress.Stage("finding the objects that include the changed headers");
        await tree.CheckAllAsync(cancellationToken).ConfigureAwait(false);
        var indexed =
            Task.Run(
                () =>
                    IncludeIndexStore.Get(tree, () => progress.Log("reading all includes of the source (once per kernel)"), progress.Stage),
                cancellationToken);
        var all = await database.AllAsync(jobs, cancellationToken).ConfigureAwait(false);
        var index = await indexed.ConfigureAwait(false);
        var objects =
            all.DistinctBy(static item => item.Path)
                .Where(item => !own.Contains(item.Path))
                .ToDictionary(static item => item.Path, StringComparer.Ordinal);
        var search = new HeaderCandidates(index, tree.Root, followed);
        var names = Names(followed);
        var rust = new RustCode(tree.Root, objects.Values);
        if (search.Find(rust.Bindings()).Count > 0
            && rust.FindUse(followed.Select(header => (TextOf(tree.Root, header), TextOf(overlay.Root, header)))) is { } use)
        {
            diagnostics.Add(HeaderDiagnostics.InAssembly.At(
                use.File,
                $"It is Rust and uses {use.Name}, which {names} {(followed.Count == 1 ? "declares" : "declare")} otherwise with the patch.",
                $"Rust code cannot be livepatched: leave {use.Name} as it is, and give what is different a name of its own that the C "
                    + $"code uses."));
        }

        var candidates = search.Find(objects.Values.Where(item => (item.Source is null || !IsObject(item.Source)) && !rust.Has(item))
            .Select(item => rust.AsHelper(item) ?? new HeaderObject(item.Path, SourceOf(item), CommandOf(item, objects))));
        if (candidates.Count == 0)
        {
            diagnostics.Add(HeaderDiagnostics.NotIncluded.At(
                followed[0], own.Count == 0
                    ? $"Nothing that this kernel's configuration builds includes {names}."
                    : $"No object but those of the patched sources includes {names}."));
            return [];
        }

        progress.Stage($"{Count(candidates.Count)} may include {names}");
        if (candidates.Count > maxObjects)
        {
            diagnostics.Add(HeaderDiagnostics.TooMany.At(
                followed[0],
                $"{Count(candidates.Count)} may include {names}; at most {maxObjects} are looked at.",
                $"Move the change into the .c files that need it, or look at all of them with --max-objects {candidates.Count}."));
            return [];
        }

        overlay.EnsureRealDirectories(
            ParentDirectories.Of(candidates.Select(static item => item.Command), tree.Root, search.Reaching, index).Where(IsDirectory));

        var inlines = InlineChange.Of(followed.Select(header => (TextOf(tree.Root, header), TextOf(overlay.Root, header))));
        var different = await new PreprocessFilter(runner, progress, inlines)
            .ChangedAsync(candidates, tree.Root, overlay.Root, Path.Combine(temporary, "preprocessed"), jobs, cancellationToken)
                .ConfigureAwait(false);
        diagnostics.Add(HeaderDiagnostics.Objects.At(
            followed[0],
            $"{Count(candidates.Count)} may include {names}; "
                + $"{(different.Count == 0 ? "none of them reads" : $"{different.Count} of them {(different.Count == 1 ? "reads" : "read")}")} differently with the patch."));
        return Sort([.. different.Select(item => objects[item.Path])], objects, rust, names);
    }

    private static string? TextOf(string root, string file) =>
        File.Exists(Path.Combine(root, file)) ? File.ReadAllText(Path.Combine(root, file)) : null;

    private bool IsDirectory(string path) => Directory.Exists(Path.Combine(tree.Root, path));

    private static string Count(int objects) => objects == 1 ? "1 object" : $"{objects} objects";

    private static string Names(List<string> headers) =>
        headers.Count <= 3 ? string.Join(", ", headers) : $"{string.Join(", ", headers.Take(2))} and {headers.Count - 2} other headers";

    /// <summary>The source Kbuild names, or the one an object without a command would be made from. It may be generated and not
    /// exist.</summary>
    private string SourceOf(KbuildObject item)
    {
        var assembly = Path.ChangeExtension(item.Path, ".S");
        return item.Source ?? (File.Exists(Path.Combine(tree.Root, assembly)) ? assembly : Path.ChangeExtension(item.Path, ".c"));
    }

    /// <summary>
    /// The command Kbuild names. Assembly that needs a file which only a whole build makes has none (certs/system_certificates.S and the
    /// signing key); it is read as another assembler source is, because assembly gets the same search path everywhere but for a directory
    /// of its own. C without a command has none here either, and stays in.
    /// </summary>
    private string CommandOf(KbuildObject item, Dictionary<string, KbuildObject> objects)
    {
        var source = SourceOf(item);
        if (item.Command is not null || Path.GetExtension(source) != ".S")
        {
            return item.Command?.Text ?? string.Empty;
        }

        var like =
            objects.Values.FirstOrDefault(
                static other => other.Command is not null && other.Source is not null && Path.GetExtension(other.Source) == ".S");
        return like?.Command!.Text.Replace(" " + like.Source, " " + source, StringComparison.Ordinal) ?? string.Empty;
    }

    private bool IsToBeFollowed(string header, string patched)
    {
        if (header.StartsWith("include/config/", StringComparison.Ordinal)
            || header.Contains("include/generated/", StringComparison.Ordinal))
        {
            diagnostics.Add(HeaderDiagnostics.Generated.At(header, "It is made by the kernel's build."));
            return false;
        }

        if (TextOf(tree.Root, header) is { } before && TextOf(patched, header) is { } after && SourceText.IsSameCode(before, after))
        {
            diagnostics.Add(HeaderDiagnostics.OnlyComments.At(header, "The patch changes comments and white space only."));
            return false;
        }

        if (header.Contains("include/uapi/", StringComparison.Ordinal))
        {
            diagnostics.Add(HeaderDiagnostics.UserInterface.At(header, "Programs are compiled with it."));
        }

        return true;
    }

    /// <summary>Gives the objects that are compiled from C, and says what becomes of the others.</summary>
    private List<KbuildObject> Sort(List<KbuildObject> different, Dictionary<string, KbuildObject> objects, RustCode rust, string headers)
    {
        // Some objects are made from another object (objcopy), which is among the others itself.
        var remade = objects.Values.Where(static item => item.Source is not null && IsObject(item.Source) && item.Owners.Count > 0)
            .Select(static item => item.Source!).ToHashSet(StringComparer.Ordinal);
        var compiled = new List<KbuildObject>();
        var outside = new List<string>();
        foreach (var item in different)
        {
            var source = SourceOf(item);
            if (rust.IsHelper(item))
            {
                diagnostics.Add(HeaderDiagnostics.InAssembly.At(
                    item.Path, $"{source} reads differently with the changed {headers}: Rust code calls inline functions of the header.",
                    "Rust code cannot be livepatched: leave these functions as they are, and give what differs a name of its own for "
                        + "the C code."));
            }
            else if (remade.Contains(item.Path)
                || (item.Owners.Count > 0 && (Path.GetExtension(source) != ".c" || (item.Rule is not null && !item.IsC))))
            {
                diagnostics.Add(HeaderDiagnostics.InAssembly.At(item.Path, $"{source} reads differently with the changed {headers}."));
            }
            else if (item.Owners.Count == 0 || PatchedPathKind.Refusal(source)?.Descriptor == PatchDiagnostics.BootOrVdso)
            {
                outside.Add(item.Path);
            }
            else
            {
                compiled.Add(item);
            }
        }

        if (outside.Count > 0)
        {
            var shown = string.Join(", ", outside.Take(MostShown))
                + (outside.Count > MostShown ? $" and {outside.Count - MostShown} more" : string.Empty);
            diagnostics.Add(
                HeaderDiagnostics.OutsideKernel.At(
                    outside[0],
                    $"{shown}: the source reads differently with the changed {headers}, and the object is no part of the running kernel."));
        }

        return compiled;
    }

    private static bool IsObject(string source) => Path.GetExtension(source) == ".o";
}
