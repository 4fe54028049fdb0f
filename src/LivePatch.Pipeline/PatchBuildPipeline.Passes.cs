using System.Diagnostics;
using System.Security.Cryptography;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Diff;
using LivePatch.Diff.Explain;
using LivePatch.Diff.Layout;
using LivePatch.Diff.Select;
using LivePatch.Elf;
using LivePatch.Kbuild;
using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Trees;
using LivePatch.Kernel.Special;
using LivePatch.Kernel.Targets;
using LivePatch.Module;
using LivePatch.Module.Bind;
using LivePatch.Module.Emit;
using LivePatch.Module.Extract;
using LivePatch.Module.PostLink;
using LivePatch.Module.Target;
using LivePatch.Module.Verify;
using LivePatch.Patches;

namespace LivePatch.Pipeline;

/// <summary>The list of passes.</summary>
public sealed partial class PatchBuildPipeline
{
    private readonly DiagnosticBag _diagnostics = [];
    private readonly List<(string Stage, double Seconds)> _timings = [];

    /// <summary>What the kernel's configuration builds; null for a module outside the kernel tree.</summary>
    private CompileDatabase? _database;
    private PatchBuildResult _result = new(PatchBuildOutcome.Failed, []);
    private Stopwatch _clock = Stopwatch.StartNew();

    private async Task<PatchBuildResult> RunPassesAsync(PatchBuildOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return Finish(await BuildAsync(options, cancellationToken).ConfigureAwait(false));
        }
        catch (DiagnosticException failure)
        {
            _diagnostics.AddRange(failure.Diagnostics);
            return Finish(null);
        }
    }

    private async Task<PatchBuildOutcome?> BuildAsync(PatchBuildOptions options, CancellationToken cancellationToken)
    {
        // The patches first: what is wrong with them is known at once, whatever the kernel.
        var cache = new CacheDirectory(options.Cache);
        var moduleName = options.Name ?? ModuleNameRules.FromPatches(options.Patches);
        if (ModuleNameRules.Objection(moduleName) is { } objection)
        {
            throw new DiagnosticException(BuildDiagnostics.BadName.Anywhere($"'{moduleName}' {objection}."));
        }

        _result = _result with { ModuleName = moduleName };
        if (options.OutOfTree is { } outOfTree)
        {
            return await BuildOutOfTreeAsync(options, outOfTree, moduleName, cache, cancellationToken).ConfigureAwait(false);
        }

        // The target: where its parts lie, and that they belong together.
        _progress.Stage("finding the target kernel");
        var target = await FindTargetAsync(options, cancellationToken).ConfigureAwait(false);
        _result = _result with { Release = target.Release };

        // From here on the target is fixed. Its symbols are read while the compiler runs.
        var imageTask = Task.Run(() => TargetTables.Load(target, cache.Images, options.SkipCompilerCheck, AdditionalModules.None), cancellationToken);
        Lap("find");

        var preparer = new WorkTreePreparer(_runner, _progress);
        var tree = await preparer.PrepareAsync(WorkTreeInputs.For(target), cache, cancellationToken).ConfigureAwait(false);
        Lap("prepare");

        var patches = ReadPatches(options.Patches, tree);
        var plan = PatchClassifier.Classify(patches, tree.HasFile, _diagnostics);
        if (_diagnostics.HasFatal)
        {
            return null;
        }

        using var database = new CompileDatabase(tree, _runner, _progress);
        _database = database;
        var compiler = new ObjectCompiler(tree, database, _runner, _progress);
        return await InTemporaryAsync(
            cache,
            options,
            temporary => BuildInAsync(temporary, options, moduleName, target, tree, compiler, patches, plan, imageTask, cancellationToken)).ConfigureAwait(false);
    }

    private async Task<PatchBuildOutcome?> BuildInAsync(
        string temporary,
        PatchBuildOptions options,
        string moduleName,
        TargetKernel target,
        WorkTree tree,
        IObjectCompiler compiler,
        IReadOnlyList<PatchFile> patches,
        PatchPlan plan,
        Task<TargetTables> imageTask,
        CancellationToken cancellationToken)
    {
        // Apply the patch to a tree of links, before any compiler runs: a patch that does not fit is the commonest mistake.
        _progress.Stage("applying the patch");
        var changed = patches.SelectMany(static patch => patch.Files).SelectMany(static file => new[] { file.OldPath, file.NewPath }).ToHashSet(StringComparer.Ordinal);
        await tree.CheckAroundAsync(changed, cancellationToken).ConfigureAwait(false);
        var overlay = PatchOverlay.Create(
            tree.Root,
            Path.Combine(temporary, "patched"),
            changed,
            []);
        using var removal = options.KeepTemp ? null : overlay;
        _diagnostics.AddRange(await PatchApplier.ApplyAsync(overlay, patches, _runner, cancellationToken).ConfigureAwait(false));
        if (_diagnostics.HasFatal)
        {
            return null;
        }

        // Both trees are there now: what the patch builds is read from them.
        var inputs = await GeneratorInputsAsync(plan, tree, options.Jobs, cancellationToken).ConfigureAwait(false);
        var own = plan with { SourceFiles = [.. plan.SourceFiles.Except(inputs)] };
        if (await PlanUnitsAsync(own, inputs.Count > 0, tree, overlay, cancellationToken).ConfigureAwait(false) is not { } planned)
        {
            return null;
        }

        Lap("apply");

        // What the build generates from changed files changes too.
        if (await GeneratedAsync(inputs, plan, options, tree, overlay, temporary, cancellationToken).ConfigureAwait(false) is not { } generated)
        {
            return null;
        }

        // A changed header is compiled in everything that reads differently with it.
        changed.UnionWith(generated);
        if (await AddHeaderUnitsAsync(planned, plan, generated, options, tree, overlay, compiler, temporary, cancellationToken).ConfigureAwait(false) is not { } units)
        {
            return null;
        }

        // Compile each touched file before and after.
        var pairs = await CompileAsync(compiler, overlay, units, changed, options.Jobs, cancellationToken).ConfigureAwait(false);
        Lap("compile");

        var removed = await RemovedAsync(compiler, units, cancellationToken).ConfigureAwait(false);
        CheckNewFiles(units, pairs);
        _progress.Stage("reading the kernel image");
        using var tables = await imageTask.ConfigureAwait(false);
        Lap("image");

        // From here on there are objects only. Compare, and refuse everything that must be refused, in one go.
        var parts = PatchedPart.Of(pairs);
        var comparisons = await CompareAsync(parts, patches, tree, tables, options, cancellationToken).ConfigureAwait(false);

        var added = pairs.Where((_, index) => units.Units[index].Original is null).Select(static pair => pair.After.Path).ToHashSet(StringComparer.Ordinal);
        _diagnostics.AddRange(LayoutCheck.Report(
            comparisons.Where(item => !added.Contains(item.Path)).Select(static item => (item.Path, item.Diff)), options.AllowedLayoutChanges));
        _diagnostics.AddRange(AuthorsWord.Unused(options.Pairs, options.AllowedPrototypeChanges, comparisons.Select(static item => item.Diff)));
        _result = _result with { Comparisons = comparisons };
        if (_diagnostics.HasFatal)
        {
            return null;
        }

        if (comparisons.TrueForAll(static item => item.Diff.IsNoChange))
        {
            _diagnostics.Add(DiffDiagnostics.NoChange.Anywhere(NoChangeText.Of(comparisons.Select(static item => item.Diff))));
            return PatchBuildOutcome.NoChange;
        }

        if (options.Replace)
        {
            _diagnostics.AddRange(comparisons.SelectMany(static item => NewVariables.Check(item.Diff)));
        }

        // Extract what was selected and resolve it against the target.
        var objects = await ExtractAsync(parts, comparisons, removed, compiler, tables, cancellationToken).ConfigureAwait(false);
        if (_diagnostics.HasFatal)
        {
            return null;
        }

        if (objects.TrueForAll(static item => item.Replaced.Count == 0))
        {
            _diagnostics.Add(SiblingDiagnostics.NothingReplaced.Anywhere("The patch adds functions and changes none that the kernel calls, so loading it would do nothing."));
            return PatchBuildOutcome.NoChange;
        }

        _result = _result with { Objects = objects };
        Lap("compare");

        // From here on it is settled what the module contains.
        _progress.Stage($"linking {moduleName}.ko");
        var manifest = Manifest(options, moduleName, target, tables, patches, objects);
        var work = Path.Combine(temporary, "module");
        ModuleDirectoryWriter.Write(manifest, work, target.HeadersDirectory, target.Compiler);
        var partlyUnused = _diagnostics.Where(static item => item.Id == DiffDiagnostics.EntryDropped.Id).Select(static item => item.Location.Symbol)
            .OfType<string>().ToHashSet(StringComparer.Ordinal);
        var linked = await new ModuleBuild(_runner, _progress)
            .RunAsync(work, moduleName, target.HeadersDirectory, Toolchain.Of(target), partlyUnused, cancellationToken).ConfigureAwait(false);
        Lap("link");

        var finished = PostLink(linked, tables);
        if (finished is null)
        {
            return null;
        }

        Lap("check");

        // Nothing that made the module is asked whether it is right.
        if (!Prove(finished, moduleName, parts, comparisons, objects, tables, options))
        {
            return null;
        }

        Lap("proof");

        // Only a module that passed every check appears under the user's name for it.
        var sources = Path.Combine(options.Output, moduleName);
        var module = Path.Combine(options.Output, moduleName + ".ko");
        ModuleDirectoryWriter.Write(manifest, sources, target.HeadersDirectory, target.Compiler);
        AtomicFile.Write(module, finished);
        _result = _result with { ModulePath = module, SourceDirectory = sources };
        Lap("write");
        return PatchBuildOutcome.Built;
    }

    private async Task<TargetKernel> FindTargetAsync(PatchBuildOptions options, CancellationToken cancellationToken)
    {
        var found = await TargetKernelFinder.FindAsync(
            new TargetKernelOptions
            {
                Release = options.Release,
                SourcePath = options.Source,
                ConfigPath = options.Config,
                HeadersPath = options.Headers,
                ImagePath = options.Image,
                ModulesPath = options.Modules,
                Compiler = options.Compiler,
                Llvm = options.Llvm,
                WithoutSource = options.OutOfTree is not null,
                SkipCompilerCheck = options.SkipCompilerCheck,
            },
            _runner,
            _diagnostics,
            cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            throw new DiagnosticException([.. TakeDiagnostics()]);
        }

        var name = _result.ModuleName ?? string.Empty;
        return KernelModuleNames.Read(found.ModulesDirectory).Contains(KernelModuleNames.Normal(name))
            ? throw new DiagnosticException(BuildDiagnostics.NameTaken.Anywhere($"Kernel {found.Release} has {name}: it is one of its modules, or built in."))
            : found;
    }

    private List<Diagnostic> TakeDiagnostics()
    {
        // The caller adds an exception's diagnostics to the bag; these are there already.
        var all = _diagnostics.ToList();
        _diagnostics.Clear();
        return all;
    }

    private List<PatchFile> ReadPatches(IReadOnlyList<string> paths, WorkTree tree)
    {
        var result = new List<PatchFile>();
        foreach (var path in paths)
        {
            if (PatchFile.TryRead(path, tree.HasFile, _diagnostics) is { } patch)
            {
                result.Add(patch);
            }
        }

        return result.Count == paths.Count ? result : throw new DiagnosticException([.. TakeDiagnostics()]);
    }

    private KlpManifest Manifest(
        PatchBuildOptions options, string moduleName, TargetKernel target, TargetTables tables, IReadOnlyList<PatchFile> patches, IReadOnlyList<ExtractedObject> objects)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var patch in patches)
        {
            hash.AppendData(patch.Bytes.Span);
        }

        var reload = tables.ReloadOf(objects);
        if (reload == TargetReload.Impossible)
        {
            _diagnostics.Add(ModuleDiagnostics.ReloadImpossible.Anywhere(
                "The target kernel never takes a module's addresses out of a livepatch, and has nothing the livepatch could do it with."));
        }

        return new KlpManifest(
            moduleName,
            target.Release,
            tables.Banner,
            [.. options.Patches.Select(static path => Path.GetFileName(path))],
            Convert.ToHexStringLower(hash.GetHashAndReset()),
            typeof(PatchBuildPipeline).Assembly.GetName().Version?.ToString(3) ?? "0",
            options.Replace,
            objects,
            [])
        {
            Reload = reload,
            CodeWriting = tables.Architecture.ModuleCode.Writing,
            LateRelocationReset = tables.Architecture.ModuleCode.LateRelocationReset,
        };
    }

    private byte[]? PostLink(string linked, TargetTables tables)
    {
        _progress.Stage("checking the module");
        using var elf = ElfObject.Read(linked, Path.GetFileName(linked));
        if (PostLinker.TryConvert(elf, _diagnostics) is not { } bytes)
        {
            return null;
        }

        using var finished = ElfObject.Read(bytes, Path.GetFileName(linked));
        _diagnostics.AddRange(ModuleVerifier.Verify(finished, tables, tables.Architecture));
        return _diagnostics.HasFatal ? null : bytes;
    }

    private void Lap(string stage)
    {
        _timings.Add((stage, _clock.Elapsed.TotalSeconds));
        _clock = Stopwatch.StartNew();
    }

    private PatchBuildResult Finish(PatchBuildOutcome? outcome)
    {
        var worst = _diagnostics.Any(static item => item.Kind == DiagnosticKind.Error) ? PatchBuildOutcome.Failed
            : _diagnostics.Any(static item => item.Kind == DiagnosticKind.Refusal) ? PatchBuildOutcome.Refused
            : outcome ?? PatchBuildOutcome.Failed;
        return _result with { Outcome = worst, Diagnostics = [.. _diagnostics], Timings = _timings };
    }
}
