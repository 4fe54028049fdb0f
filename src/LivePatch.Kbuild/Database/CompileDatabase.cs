using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Trees;

namespace LivePatch.Kbuild.Database;

/// <summary>
/// Every object that the kernel's configuration builds, the command that makes it and what it is linked into, from Kbuild
/// itself but without compiling (see <see cref="KbuildEvaluator"/>).
///
/// For a few sources only the directories on the way to them are evaluated, and, once per kernel, the few dozen directories
/// whose makefiles may reach into others (<see cref="TreeScan"/>): some seconds. <see cref="AllAsync"/> evaluates
/// everything. Both are kept, so that a later run reads some files. Safe for use from several threads and processes.
/// </summary>
public sealed class CompileDatabase : IDisposable
{
    private static readonly char[] Newline = ['\n'];

    private readonly KbuildSettings _settings;
    private readonly string _architecture;
    private readonly IProcessRunner _runner;
    private readonly IBuildProgress _progress;
    private readonly CompileDatabaseStore _store;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, KbuildDirectory?> _directories = new(StringComparer.Ordinal);
    private KbuildTop? _top;
    private ILookup<string, string>? _reachedObjects;
    private ILookup<string, string>? _reachedSources;
    private ILookup<string, string>? _includers;
    private IReadOnlyList<KbuildObject>? _all;

    /// <summary>The database of a work tree.</summary>
    public CompileDatabase(WorkTree tree, IProcessRunner runner, IBuildProgress progress)
        : this(KbuildSettings.For(tree), tree.Inputs.ArchitectureName, runner, progress)
    {
    }

    /// <summary>The database of any prepared build directory, or of an external module in one.</summary>
    /// <param name="settings">Where and how Kbuild is asked.</param>
    /// <param name="architecture">Directory under arch/.</param>
    /// <param name="runner">Runs make.</param>
    /// <param name="progress">Told what takes time.</param>
    public CompileDatabase(KbuildSettings settings, string architecture, IProcessRunner runner, IBuildProgress progress)
    {
        _settings = settings;
        _architecture = architecture;
        _runner = runner;
        _progress = progress;
        _store = new CompileDatabaseStore(settings.CacheDirectory, settings.Subject, new DamageLog(progress).Add);
    }

    /// <summary>True when all directories have been evaluated, so that <see cref="AllAsync"/> only reads.</summary>
    public bool IsComplete => _store.IsComplete;

    /// <summary>
    /// The objects a source is compiled into: its own, and those of the files that include it as text. Empty when the
    /// configuration builds none. Objects without an owner are left out when there is one with.
    /// </summary>
    /// <param name="source">Path from the source directory: "fs/xfs/libxfs/xfs_alloc.c".</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    public async Task<IReadOnlyList<KbuildObject>> ObjectsOfAsync(string source, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await PrepareAsync([source], cancellationToken).ConfigureAwait(false);
            var sources = WithIncluders(source);
            await PrepareAsync(sources, cancellationToken).ConfigureAwait(false);
            var objects =
                sources.SelectMany(item => ObjectsAt(item, _reachedSources!).Where(candidate => candidate.Source == item))
                    .Distinct()
                    .ToList();
            return objects.Exists(static item => item.Owners.Count > 0)
                ? [.. objects.Where(static item => item.Owners.Count > 0)]
                : objects;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The object of a path; null when the configuration does not build it.</summary>
    /// <param name="path">"fs/proc/meminfo.o".</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    public async Task<KbuildObject?> FindAsync(string path, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await PrepareAsync([path], cancellationToken).ConfigureAwait(false);
            return ObjectsAt(path, _reachedObjects!)
                .Where(item => item.Path == path)
                .OrderByDescending(static item => item.Owners.Count)
                .FirstOrDefault();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Whether Kbuild enters a directory in this configuration.</summary>
    /// <param name="directory">"drivers/gpu/drm/radeon".</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <returns>What its makefile builds; null when it is not entered, or has none of its own.</returns>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    public async Task<KbuildDirectory?> DirectoryAsync(string directory, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await PrepareAsync([directory + "/x"], cancellationToken).ConfigureAwait(false);
            return Load(directory);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Every object of the configuration, sorted by path. The first time takes some seconds on all cores.</summary>
    /// <param name="jobs">Directories evaluated at a time.</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    public async Task<IReadOnlyList<KbuildObject>> AllAsync(int jobs, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_all is not null)
            {
                return _all;
            }

            if (!_store.IsComplete)
            {
                using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
                await TopAsync(cancellationToken).ConfigureAwait(false);
                if (!_store.IsComplete)
                {
                    _progress.Stage("asking Kbuild for every object's command (once per kernel)");
                    await EvaluateAsync([], jobs, cancellationToken).ConfigureAwait(false);
                }
            }

            await TopAsync(cancellationToken).ConfigureAwait(false);
            var names = _store.Names.ToList();
            var parts = new KbuildDirectory?[names.Count];
            Parallel.For(0, names.Count, index => parts[index] = Read(names[index]));
            return _all = [
                .. parts.SelectMany(static part => part?.Objects ?? []).OrderBy(static item => item.Path, StringComparer.Ordinal)];
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Every file that the build generates. The first time everything is evaluated, as by <see cref="AllAsync"/>.</summary>
    /// <param name="jobs">Directories evaluated at a time.</param>
    /// <param name="cancellationToken">Ends make.</param>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    public async Task<GeneratedFiles> GeneratedAsync(int jobs, CancellationToken cancellationToken)
    {
        await AllAsync(jobs, cancellationToken).ConfigureAwait(false);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_store.FindText(GeneratedFile) is { } known)
            {
                return GeneratedFiles.Read(known, _top!.Variables);
            }

            using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
            await EvaluateAsync([], jobs, cancellationToken).ConfigureAwait(false);
            return GeneratedFiles.Read(_store.FindText(GeneratedFile) ?? string.Empty, _top!.Variables);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    /// <summary>The directories that may have something to say about a path: those on the way to it, nearest last.</summary>
    private static IEnumerable<string> Chain(string path)
    {
        yield return ".";
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    /// <summary>Has everything evaluated that is needed for some paths.</summary>
    private async Task PrepareAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        if (_store.IsComplete && _reachedObjects is not null)
        {
            return;
        }

        await TopAsync(cancellationToken).ConfigureAwait(false);
        if (TryReadReached() && Missing(paths).Count == 0)
        {
            return;
        }

        using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
        if (!TryReadReached())
        {
            _progress.Stage("asking Kbuild what it builds (once per kernel)");
            await _settings.BeforeReading(cancellationToken).ConfigureAwait(false);
            var scan =
                await Task.Run(() => TreeScan.Run(_settings.SourceDirectory, _architecture, cancellationToken), cancellationToken)
                    .ConfigureAwait(false);
            _store.AddText(IncludesFile, string.Join('\n', scan.TextIncludes.Select(static item => $"{item.Source}\t{item.Includer}")));
            if (!_store.IsComplete)
            {
                await EvaluateAsync(
                    [.. scan.Reaching.Concat(paths.SelectMany(Chain)).Distinct()],
                    Environment.ProcessorCount,
                    cancellationToken).ConfigureAwait(false);
            }

            WriteReached(scan.Reaching);
            if (!TryReadReached())
            {
                throw new InvalidOperationException("what was written just now cannot be read");
            }
        }

        if (Missing(paths) is { Count: > 0 } wanted)
        {
            await EvaluateAsync(wanted, Environment.ProcessorCount, cancellationToken).ConfigureAwait(false);
        }
    }

    private const string ReachedFile = "reached";

    private const string GeneratedFile = "generated";

    private const string IncludesFile = "text-includes";

    private static IEnumerable<string[]> Lines(string text) =>
        text.Split(Newline, StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('\t'));

    private bool TryReadReached()
    {
        if (_reachedObjects is null && _store.FindText(ReachedFile) is { } reached && _store.FindText(IncludesFile) is { } includes)
        {
            var lines = Lines(reached).Where(static words => words.Length == 3).ToList();
            _reachedSources = lines.ToLookup(static words => words[1], static words => words[2], StringComparer.Ordinal);
            _includers =
                Lines(includes)
                    .Where(static words => words.Length == 2)
                    .ToLookup(static words => words[0], static words => words[1], StringComparer.Ordinal);
            _reachedObjects = lines.ToLookup(static words => words[0], static words => words[2], StringComparer.Ordinal);
        }

        return _reachedObjects is not null;
    }

    /// <summary>Directories on the way to the paths that Kbuild enters and that were not evaluated.</summary>
    private List<string> Missing(IReadOnlyCollection<string> paths)
    {
        var missing = new List<string>();
        foreach (var chain in paths.Select(static path => Chain(path).ToList()))
        {
            var entered = _top!.Roots.ToHashSet(StringComparer.Ordinal);
            foreach (var directory in chain.Where(directory => entered.Contains(directory)))
            {
                if (Load(directory) is not { } known)
                {
                    missing.AddRange(chain.SkipWhile(item => item != directory));
                    break;
                }

                entered.UnionWith(known.Subdirectories);
            }
        }

        // A directory that was found to reach elsewhere has an answer; without it the object would seem to belong to nobody.
        missing.AddRange(
            paths.SelectMany(path => _reachedObjects![path].Concat(_reachedSources![path]))
                .Where(directory => Load(directory) is null)
                .SelectMany(static directory => Chain(directory + "/")));
        return [.. missing.Distinct()];
    }

    /// <summary>The objects of the directories that may build a path.</summary>
    private IEnumerable<KbuildObject> ObjectsAt(string path, ILookup<string, string> reached) =>
        Chain(path)
            .Concat(reached[path])
            .Distinct()
            .Select(Load)
            .OfType<KbuildDirectory>()
            .SelectMany(static directory => directory.Objects);

    /// <summary>A source and everything that includes it as text, directly or not. Files that include each other are no trouble.</summary>
    private List<string> WithIncluders(string source)
    {
        var found = new List<string> { source };
        for (var index = 0; index < found.Count; index++)
        {
            // What could not be resolved is known by its name only.
            found.AddRange(_includers![found[index]].Concat(_includers[Path.GetFileName(found[index])])
                .Where(includer => !found.Contains(includer)).Distinct().ToList());
        }

        return found;
    }

    /// <summary>Writes which objects are built by a directory that is not above them, or from a source of another name.</summary>
    private void WriteReached(IReadOnlyList<string> directories)
    {
        var lines = new List<string>();
        foreach (var item in directories.Select(Load).OfType<KbuildDirectory>().SelectMany(static directory => directory.Objects))
        {
            var isBelow = item.Directory == "." || item.Path.StartsWith(item.Directory + "/", StringComparison.Ordinal);
            var isSame = item.Source is null || Path.ChangeExtension(item.Source, ".o") == item.Path;
            if (!isBelow || !isSame)
            {
                lines.Add($"{item.Path}\t{item.Source}\t{item.Directory}");
            }
        }

        _store.AddText(ReachedFile, string.Join('\n', lines));
    }

    private KbuildDirectory? Load(string name)
    {
        if (!_directories.TryGetValue(name, out var directory) || directory is null)
        {
            _directories[name] = directory = Read(name);
        }

        return directory;
    }

    private KbuildDirectory? Read(string name) =>
        _store.Find(name) is { } text ? KbuildDirectoryReader.Read(text, _settings, _top!) : null;

    private async Task TopAsync(CancellationToken cancellationToken)
    {
        const string File = "top";
        if (_top is not null || (_top = _store.FindText(File) is { } text ? KbuildTop.Parse(text) : null) is not null)
        {
            return;
        }

        await _settings.BeforeReading(cancellationToken).ConfigureAwait(false);
        using var temporary = NewTemporary();
        await new KbuildEvaluator(_settings, _runner, _progress).EvaluateTopAsync(temporary.Path, cancellationToken).ConfigureAwait(false);
        var made = KbuildTop.Join(temporary.Path);
        _store.AddText(File, made);
        _top = KbuildTop.Parse(made);
    }

    private async Task EvaluateAsync(List<string> only, int jobs, CancellationToken cancellationToken)
    {
        await _settings.BeforeReading(cancellationToken).ConfigureAwait(false);
        using var temporary = NewTemporary();
        await new KbuildEvaluator(_settings, _runner, _progress)
            .EvaluateAsync(_top!, only, temporary.Path, jobs, cancellationToken)
            .ConfigureAwait(false);
        if (only.Count == 0)
        {
            var preparation = Path.Combine(temporary.Path, "preparation");
            await new KbuildEvaluator(_settings, _runner, _progress)
                .EvaluatePreparationAsync(preparation, cancellationToken)
                .ConfigureAwait(false);
            _store.AddText(GeneratedFile, GeneratedFiles.Join([temporary.Path, preparation]));
            _store.AddComplete(temporary.Path);
            _directories.Clear();
        }
        else
        {
            _store.Add(temporary.Path);
        }
    }

    private RunDirectory NewTemporary()
    {
        CacheDirectory.MakeOwn(_settings.CacheDirectory);
        return RunDirectory.Make(_settings.CacheDirectory);
    }

    private Task<CacheLock> LockAsync(CancellationToken cancellationToken)
    {
        CacheDirectory.MakeOwn(_settings.CacheDirectory);
        return CacheLock.TakeAsync(
            _settings.CacheDirectory, () => _progress.Stage("waiting for another klp-build that asks Kbuild"), cancellationToken);
    }
}
