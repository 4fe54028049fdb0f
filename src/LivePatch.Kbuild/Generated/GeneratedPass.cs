using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Headers;
using LivePatch.Kbuild.Makefiles;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Targets;
using LivePatch.Patches;

namespace LivePatch.Kbuild.Generated;

/// <summary>
/// From changed files to the files that the kernel's build generates from them, and those that are generated from these.
///
/// oid_registry.h is read by a script, classmap.h is compiled into a program, cpufeatures.h goes through a shell script, and what they
/// write is included or compiled in other directories. Which these are is not listed here: Kbuild's makefiles tell
/// (<see cref="CompileDatabase"/>), and the includes of programs are followed like those of objects. What may change is generated once more
/// in the patched tree, by the recorded command of the unpatched makefile, and compared with the unpatched file. A difference counts as a
/// changed header from there on.
///
/// Nothing of the patch is run. A changed program or script is refused, and so is a header in which more than data changes for a
/// program it is compiled into (<see cref="DataOnlyChange"/>). Objects and what is linked of them (the vdso) are not followed: the pass
/// over headers says what becomes of those.
/// </summary>
/// <param name="tree">The unpatched tree.</param>
/// <param name="database">What the kernel's configuration builds.</param>
/// <param name="runner">Runs make, compilers, and the commands.</param>
/// <param name="progress">Told how far it is.</param>
/// <param name="diagnostics">Receives refusals and notes.</param>
public sealed class GeneratedPass(
    WorkTree tree, CompileDatabase database, IProcessRunner runner, IBuildProgress progress, DiagnosticBag diagnostics)
{
    private const int MostShown = 5;

    private readonly Dictionary<string, IReadOnlySet<string>> _inputs = new(StringComparer.Ordinal);
    private GeneratedFiles _generated = new([], new Dictionary<string, string>());
    private IReadOnlyList<GeneratedFile> _useful = [];
    private IncludeIndex _index = null!;
    private HashSet<string> _sources = [];

    /// <summary>Reads what is generated, and what of it is used. Must be called first.</summary>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    public async Task LoadAsync(int jobs, CancellationToken cancellationToken)
    {
        _generated = await database.GeneratedAsync(jobs, cancellationToken).ConfigureAwait(false);
        _index =
            await Task.Run(
                () =>
                    IncludeIndexStore.Get(tree, () => progress.Log("reading all includes of the source (once per kernel)"), progress.Stage),
                cancellationToken).ConfigureAwait(false);
        var objects = await database.AllAsync(jobs, cancellationToken).ConfigureAwait(false);
        _sources =
            objects.Where(static item => item.Source is not null).Select(static item => item.Source!).ToHashSet(StringComparer.Ordinal);

        // From the last to the first: what is made comes behind what it is made from.
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        var useful = new List<GeneratedFile>();
        foreach (var file in _generated.Files.Reverse())
        {
            if (wanted.Contains(file.Path)
                || (!file.IsHostProgram && Outputs(file).Any(path => _sources.Contains(path) || _index.IsIncluded(path))))
            {
                useful.Add(file);
                wanted.UnionWith(file.Prerequisites);
            }
        }

        useful.Reverse();
        _useful = useful;
    }

    /// <summary>True when something that is used is generated from a file, by a script that reads it or a program that it is the source
    /// of.</summary>
    public bool IsInput(string path) => _useful.Any(file => Inputs(file).Contains(path));

    /// <summary>Finds and makes what the changed files change.</summary>
    /// <param name="changed">Changed, new and removed files, relative to the tree.</param>
    /// <param name="overlay">The patched tree; what changes is put there.</param>
    /// <param name="temporary">A directory for intermediate files.</param>
    /// <param name="jobs">Preprocessors at a time.</param>
    /// <param name="cancellationToken">Ends everything.</param>
    /// <returns>The generated files that are others with the patch.</returns>
    /// <exception cref="DiagnosticException">A file cannot be generated (LP0393).</exception>
    public async Task<IReadOnlyList<string>> FollowAsync(
        IReadOnlyCollection<string> changed, PatchOverlay overlay, string temporary, int jobs, CancellationToken cancellationToken)
    {
        var all = changed.ToHashSet(StringComparer.Ordinal);
        var from = new List<(GeneratedFile File, IReadOnlyList<string> Outputs)>();
        (int Version, HashSet<string> Reached) compiled = (-1, []);
        foreach (var file in _useful)
        {
            if (IsCompiled(file, out var item))
            {
                if (compiled.Version != all.Count)
                {
                    compiled = (all.Count, Reached(all, overlay));
                }

                if (!compiled.Reached.Contains(file.Path)
                    || !await ReadsDifferentlyAsync(file, item, changed, overlay, temporary, jobs, cancellationToken)
                        .ConfigureAwait(false))
                {
                    continue;
                }
            }
            else if (!Inputs(file).Overlaps(all) || !MayRun(file, changed))
            {
                continue;
            }

            if (diagnostics.HasFatal)
            {
                continue;
            }

            var made = await GenerateAsync(file, overlay, cancellationToken).ConfigureAwait(false);
            all.UnionWith(made);
            from.Add((file, made));
        }

        var result =
            from.SelectMany(static item => item.Outputs)
                .Where(path => _sources.Contains(path) || _index.IsIncluded(path))
                .Distinct()
                .ToList();
        if (result.Count > 0)
        {
            diagnostics.Add(GeneratedDiagnostics.Changed.At(
                changed.First(),
                $"{string.Join(", ", result.Take(MostShown))}{(result.Count > MostShown ? $" and {result.Count - MostShown} more" : string.Empty)} differ with the patch."));
        }

        return result;
    }

    private IReadOnlySet<string> Inputs(GeneratedFile file)
    {
        if (!_inputs.TryGetValue(file.Path, out var inputs))
        {
            _inputs[file.Path] = inputs = GeneratorCommand.Inputs(file, tree.Root);
        }

        return inputs;
    }

    /// <summary>What a command may write: the file it is for, and others of the directory that it names and that the makefile does not say
    /// it reads.</summary>
    private static IEnumerable<string> Outputs(GeneratedFile file) =>
        GeneratorCommand.Paths(file.Command)
            .Where(path => TreePath.DirectoryOf(path) == TreePath.DirectoryOf(file.Path) && !file.Prerequisites.Contains(path))
            .Append(file.Path)
            .Distinct();

    private bool IsCompiled(GeneratedFile file, out HeaderObject item)
    {
        // Programs with the name of a C file among their arguments are no compilers.
        var parsed = file.IsHostProgram || file.Command.Split(' ').Any(static word => word is "-c" or "-S" or "-E")
            ? PreprocessorCommand.TryParse(file.Command, tree.Root)
            : null;
        item = new HeaderObject(file.Path, parsed is null ? string.Empty : TreePath.FromCommand(parsed.Source, tree.Root), file.Command);
        return parsed is not null;
    }

    private HashSet<string> Reached(HashSet<string> changed, PatchOverlay overlay)
    {
        var search = new HeaderCandidates(_index, tree.Root, changed);
        var items = new List<HeaderObject>();
        foreach (var file in _useful)
        {
            if (IsCompiled(file, out var item))
            {
                items.Add(item);
            }
        }

        var found = search.Find(items);
        overlay.EnsureRealDirectories(ParentDirectories.Of(found.Select(static item => item.Command), tree.Root, search.Reaching, _index)
            .Where(path => Directory.Exists(Path.Combine(tree.Root, path))));
        return found.Select(static item => item.Path).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether what a compiler gets to see changes, and may.</summary>
    private async Task<bool> ReadsDifferentlyAsync(
        GeneratedFile file, HeaderObject item, IReadOnlyCollection<string> changed, PatchOverlay overlay, string temporary, int jobs,
        CancellationToken cancellationToken)
    {
        // Its own source may be one that is no kernel code, and not in the patched tree.
        if (file.IsHostProgram && changed.Contains(item.Source))
        {
            Refuse(file, item.Source);
            return false;
        }

        // What it includes may be generated itself.
        foreach (var before in _useful.Where(before => file.Prerequisites.Contains(before.Path)))
        {
            await MakeMissingAsync(before, cancellationToken).ConfigureAwait(false);
        }

        overlay.LinkGenerated();
        var directory = Path.Combine(temporary, "generated");
        if ((
            await new PreprocessFilter(runner, progress)
                .ChangedAsync([item], tree.Root, overlay.Root, directory, jobs, cancellationToken)
                .ConfigureAwait(false)).Count == 0)
        {
            return false;
        }

        if (!file.IsHostProgram)
        {
            return true;
        }

        var command = PreprocessorCommand.TryParse(item.Command, tree.Root)!;
        var texts = new List<string>();
        foreach (var root in (string[])[tree.Root, overlay.Root])
        {
            var text = Path.Combine(directory, "program.i");
            var result = await runner.RunAsync(command.Request(root, text), cancellationToken).ConfigureAwait(false);
            texts.Add(
                result.Succeeded
                    ? await File.ReadAllTextAsync(text, System.Text.Encoding.Latin1, cancellationToken).ConfigureAwait(false)
                    : string.Empty);
        }

        if (texts.TrueForAll(static text => text.Length > 0) && DataOnlyChange.Is(texts[0], texts[1]))
        {
            return true;
        }

        diagnostics.Add(GeneratedDiagnostics.ProgramReads.At(
            changed.First(),
            $"{item.Source} is compiled with it into a program that makes {Made(file)}, and more than data is different for it."));
        return false;
    }

    /// <summary>True when the patch changes only data of what a command reads; else it is refused.</summary>
    private bool MayRun(GeneratedFile file, IReadOnlyCollection<string> changed)
    {
        if (Inputs(file).FirstOrDefault(path => changed.Contains(path) && !GeneratorCommand.IsData(file, path, tree.Root)) is { } program)
        {
            Refuse(file, program);
            return false;
        }

        return true;
    }

    private void Refuse(GeneratedFile file, string program)
    {
        var refusal = BuildFileDiagnostics.ProgramChanged.At(program, $"The kernel's build runs it to make {Made(file)}.");
        if (!diagnostics.Any(item => item.Descriptor == refusal.Descriptor && item.Location == refusal.Location))
        {
            diagnostics.Add(refusal);
        }
    }

    /// <summary>What comes of a program or an intermediate file, for people.</summary>
    private string Made(GeneratedFile file)
    {
        var made = new HashSet<string>([file.Path], StringComparer.Ordinal);
        var last = file.Path;
        foreach (var next in _useful.Where(next => Inputs(next).Overlaps(made)).Where(next => made.Add(next.Path)).ToList())
        {
            if (!next.IsHostProgram)
            {
                last = next.Path;
            }
        }

        return last;
    }

    /// <summary>Runs a command in the patched tree; gives the files that are others than in the unpatched tree.</summary>
    private async Task<IReadOnlyList<string>> GenerateAsync(GeneratedFile file, PatchOverlay overlay, CancellationToken cancellationToken)
    {
        await MakeUnpatchedAsync(file, cancellationToken).ConfigureAwait(false);
        progress.Stage($"generating {file.Path} from the patched source");
        var named = GeneratorCommand.Paths(file.Command).Append(file.Path).Distinct().ToList();
        var directories = new HashSet<string>(StringComparer.Ordinal);
        ParentDirectories.AddOfCommand(file.Command, tree.Root, directories);
        overlay.EnsureRealDirectories(
            directories.Concat(named.Select(TreePath.DirectoryOf)).Where(path => Directory.Exists(Path.Combine(tree.Root, path))));
        overlay.LinkGenerated();

        // A command writes through links: what it names is a copy, and a program that is compiled is made anew.
        foreach (var path in named.Where(path => File.Exists(Path.Combine(tree.Root, path))))
        {
            overlay.EnsureRealFile(path);
            if (file.IsHostProgram && file.Prerequisites.Contains(path) && !File.Exists(Path.Combine(overlay.Root, path)))
            {
                // Objects are never linked into the patched tree.
                File.Copy(Path.Combine(tree.Root, path), Path.Combine(overlay.Root, path));
            }
        }

        var environment =
            _generated.Variables.ToDictionary(static item => item.Key, static item => (string?)item.Value, StringComparer.Ordinal);
        foreach (
            var (name, value) in Toolchain.Environment.Append(new("abs_srctree", overlay.Root)).Append(new("abs_objtree", overlay.Root)))
        {
            environment[name] = value;
        }

        var request = new ProcessRequest(
            "/bin/sh", ["-ec", file.Command])
        { WorkingDirectory = overlay.Root, OnLine = progress.Log, Environment = environment };
        progress.Log($"$ cd {overlay.Root} && {file.Command}");
        var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new DiagnosticException(GeneratedDiagnostics.Fails.At(file.Path, CompilerMessages.Select(result.Error + result.Output)));
        }

        return [.. Outputs(file).Where(path => File.Exists(Path.Combine(overlay.Root, path)) && !IsSame(path, overlay.Root))];
    }

    private bool IsSame(string path, string root)
    {
        var before = Path.Combine(tree.Root, path);
        return File.Exists(before) && File.ReadAllBytes(before).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(root, path)));
    }

    /// <summary>Has Kbuild make the unpatched file, where something reads it, and the programs it needs.</summary>
    private async Task MakeUnpatchedAsync(GeneratedFile file, CancellationToken cancellationToken)
    {
        foreach (var program in _useful.Where(item => item.IsHostProgram && file.Prerequisites.Contains(item.Path)))
        {
            await MakeMissingAsync(program, cancellationToken).ConfigureAwait(false);
        }

        if (_sources.Contains(file.Path) || _index.IsIncluded(file.Path))
        {
            await MakeMissingAsync(file, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task MakeMissingAsync(GeneratedFile file, CancellationToken cancellationToken)
    {
        if (File.Exists(Path.Combine(tree.Root, file.Path)))
        {
            return;
        }

        var result =
            await new KbuildMake(tree, runner, progress).GenerateAsync(file.Directory, file.Path, cancellationToken).ConfigureAwait(false);
        if (!File.Exists(Path.Combine(tree.Root, file.Path)))
        {
            throw new DiagnosticException(GeneratedDiagnostics.Fails.At(file.Path, CompilerMessages.Select(result.Error + result.Output)));
        }
    }
}
