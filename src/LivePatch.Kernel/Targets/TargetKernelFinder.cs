using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Configuration;
using LivePatch.Kernel.Distributions;
using LivePatch.Kernel.Images;

namespace LivePatch.Kernel.Targets;

/// <summary>
/// Finds everything about one target kernel.
/// </summary>
/// <remarks>
/// Every part that is missing is reported, not only the first, each with the command that installs it. Then it is
/// checked that the parts belong together, as far as that can be told without unpacking the image: its release and
/// package version stand in its boot header, its compiler in the configuration. <see cref="TargetKernelChecks"/>
/// repeats the checks against the banner once the image is open.
/// </remarks>
public sealed class TargetKernelFinder
{
    private readonly TargetKernelOptions _options;
    private readonly BuiltTree? _tree;
    private readonly IKernelDistribution _distribution;
    private readonly string _root;
    private readonly DiagnosticBag _diagnostics;

    private TargetKernelFinder(TargetKernelOptions options, IKernelDistribution distribution, string root, DiagnosticBag diagnostics)
    {
        _tree = FindTree(options, distribution);
        _options = _tree is null ? options : options with { SourcePath = _tree.Source, HeadersPath = _tree.Build };
        _distribution = _tree is null ? distribution : new BuiltTreeDistribution(_tree, options.ModulesPath);
        _root = root;
        _diagnostics = diagnostics;
    }

    /// <summary>Finds the target.</summary>
    /// <param name="options">What the user says about it.</param>
    /// <param name="runner">Starts the compiler to ask its version.</param>
    /// <param name="diagnostics">Receives what is missing or does not belong together (LP0202, LP0213 to LP0216, LP0231 to LP0251).</param>
    /// <param name="cancellationToken">Ends the compiler.</param>
    /// <param name="distribution">Who packaged the kernel; null to see for itself.</param>
    /// <param name="root">Prefix of the paths looked at, for tests.</param>
    /// <returns>The target, or null when a fatal diagnostic was added.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<TargetKernel?> FindAsync(
        TargetKernelOptions options,
        IProcessRunner runner,
        DiagnosticBag diagnostics,
        CancellationToken cancellationToken,
        IKernelDistribution? distribution = null,
        string root = "/") =>
        new TargetKernelFinder(options, distribution ?? KernelDistributions.Detect(root), root, diagnostics)
            .FindAsync(runner, cancellationToken);

    /// <summary>The release that is the target when the user names none: the running kernel when its headers are installed,
    /// else the only one installed.</summary>
    /// <param name="distribution">Who packaged the kernels.</param>
    /// <param name="diagnostics">Receives why there is none (LP0231, LP0232).</param>
    /// <param name="root">Prefix of the paths looked at, for tests.</param>
    /// <returns>The release, or null when a fatal diagnostic was added.</returns>
    public static string? DefaultRelease(IKernelDistribution distribution, DiagnosticBag diagnostics, string root = "/")
    {
        var installed = distribution.InstalledReleases();
        var running = RunningRelease(root);
        if (running is not null && installed.Contains(running))
        {
            return running;
        }

        switch (installed)
        {
            case [{ } only]:
                return only;
            case []:
                diagnostics.Add(KernelDiagnostics.NoKernel.Anywhere(
                    "No kernel's headers (build directory for modules) are installed.", distribution.HowToInstallAny()));
                return null;
            default:
                diagnostics.Add(KernelDiagnostics.SeveralKernels.Anywhere(
                    $"The running kernel{(running is null ? string.Empty : $" ({running})")} has no headers installed, and several "
                        + $"others have: {string.Join(", ", installed)}.",
                    $"Choose one: -k {installed[^1]}"));
                return null;
        }
    }

    /// <summary>The tree the kernel was built in, when that is what the user named. An installed kernel keeps its parts: a
    /// source with a configuration in it may be given for one of those too.</summary>
    public static BuiltTree? FindTree(TargetKernelOptions options, IKernelDistribution distribution)
    {
        if (BuiltTree.TryFind(options.SourcePath, options.HeadersPath) is not { } tree)
        {
            return null;
        }

        var isOfAnother = options.Release is { } release && release != tree.Release && distribution.FindHeaders(release) is not null;
        var isInstalled = !File.Exists(tree.Image) && tree.Release is { } built && distribution.FindImage(built) is not null;
        return isOfAnother || isInstalled ? null : tree;
    }

    private static string? RunningRelease(string root)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, "proc/sys/kernel/osrelease")).Trim();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private async Task<TargetKernel?> FindAsync(IProcessRunner runner, CancellationToken cancellationToken)
    {
        if (!IsTreeBuilt() || FindRelease() is not { } release)
        {
            return null;
        }

        var headers = FindHeaders(release);
        var symvers = headers is null ? null : FindSymvers(headers, release);
        var config = FindConfig(headers, release);
        var image =
            Find(
                _options.ImagePath,
                File.Exists,
                _distribution.FindImage(release),
                KernelDiagnostics.ImageMissing,
                "image",
                KernelPart.Image,
                release);
        var modules = FindModules(release);
        var source = _options.WithoutSource ? (string.Empty, SourceKind.None, string.Empty, null) : FindSource(release);
        var parsed = config is null ? null : KernelConfig.TryRead(config, _diagnostics);
        var architecture = parsed is null ? null : FindArchitecture(parsed);
        if (parsed is not null)
        {
            LivepatchRequirements.Check(parsed, _diagnostics);
        }

        var choice = headers is null ? null : new CompilerChoice(_options, _distribution.FindCompiler(headers), parsed);
        var compiler = choice is null ? null : await FindCompilerAsync(choice, parsed, runner, cancellationToken).ConfigureAwait(false);
        if (headers is null || symvers is null || config is null || image is null || modules is null
            || source is not { } found || architecture is null || compiler is not { } called)
        {
            return null;
        }

        var target = new TargetKernel
        {
            Release = release,
            Architecture = architecture,
            HeadersDirectory = headers,
            CommonHeadersDirectory = _distribution.FindCommonHeaders(headers),
            ConfigPath = config,
            ModuleSymversPath = symvers,
            ImagePath = image,
            ModulesDirectory = modules,
            SourcePath = found.Path,
            SourceKind = found.Kind,
            SourceVersion = found.Version,
            SourcePackageVersion = found.PackageVersion,
            HeadersPackageVersion = _distribution.PackageVersionOfHeaders(headers),
            CompilerCommand = called.Command,
            CompilerText = called.Text,
            CompilerIdentity = TargetKernelChecks.IsCompiler(called.Text, RecordedCompiler(parsed)) ? choice!.Usual[0] : called.Text,
            MakeVariables = choice!.MakeVariables(called.Command),
            Distribution = _distribution,
            BuiltAt = _tree is null ? null : File.GetLastWriteTimeUtc(image),
        };
        CheckTogether(target, parsed!);
        return _diagnostics.HasFatal ? null : target;
    }

    private string? FindRelease()
    {
        var release = _options.Release;
        if (release is null && _options.HeadersPath is { } headers && BuildDirectory.ReleaseOf(headers) is { } told)
        {
            release = told;
        }

        release ??= _tree?.Release ?? DefaultRelease(_distribution, _diagnostics, _root);
        if (release is not null && (release.Length == 0 || release.AsSpan().IndexOfAny("/ \t\n\\") >= 0 || release[0] is '.' or '-'))
        {
            _diagnostics.Add(KernelDiagnostics.BadRelease.Anywhere($"'{release}' is not the release of a kernel."));
            return null;
        }

        return release;
    }

    /// <summary>Whether the tree, when there is one, holds a kernel of the configuration it has.</summary>
    private bool IsTreeBuilt()
    {
        if (_tree is null)
        {
            return true;
        }

        var remedy = _distribution.HowToInstallAny();
        var image = new FileInfo(_options.ImagePath ?? _tree.Image);
        if (_tree.Release is null || !image.Exists)
        {
            _diagnostics.Add(KernelDiagnostics.TreeNotBuilt.At(
                _tree.Build,
                $"It has a configuration (.config), and no kernel built with it: {image.FullName} is missing. A build directory of its "
                    + $"own (O=) is given with --headers.",
                remedy));
            return false;
        }

        var config = new FileInfo(Path.Combine(_tree.Build, ".config"));
        if (config.LastWriteTimeUtc <= image.LastWriteTimeUtc)
        {
            return true;
        }

        _diagnostics.Add(KernelDiagnostics.ConfigNewer.At(
            config.FullName,
            $"It is of {Time(config)}, and {image.Name} is older, of {Time(image)}: what the kernel was built with is not known.", remedy));
        return false;

        static string Time(FileInfo file) =>
            file.LastWriteTime.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
    }

    private string? FindHeaders(string release)
    {
        var headers = Find(
            _options.HeadersPath,
            static path => File.Exists(Path.Combine(path, "Makefile")),
            _distribution.FindHeaders(release),
            KernelDiagnostics.HeadersMissing,
            "build directory (headers)",
            KernelPart.Headers,
            release);
        if (headers is not null && BuildDirectory.ReleaseOf(headers) is { } told && told != release)
        {
            _diagnostics.Add(KernelDiagnostics.ReleaseMismatch.At(
                headers, $"The headers are of kernel {told}, and the target is {release}.", _distribution.HowToInstall(
                    KernelPart.Headers, release)));
        }

        return headers;
    }

    /// <summary>What the user named, if it is that; else what the distribution has; else a diagnostic.</summary>
    private string? Find(
        string? named, Func<string, bool> isGood, string? installed, DiagnosticDescriptor missing, string what, KernelPart part,
        string release)
    {
        if (named is not null)
        {
            if (isGood(named))
            {
                return Path.GetFullPath(named);
            }

            _diagnostics.Add(missing.At(named, $"The path given as {what} of kernel {release} is none or does not exist."));
            return null;
        }

        if (installed is null)
        {
            var others = part == KernelPart.Headers ? _distribution.InstalledReleases() : [];
            var hint = others.Count == 0 ? string.Empty : $" Installed are: {string.Join(", ", others)}.";
            _diagnostics.Add(
                missing.Anywhere($"The {what} of kernel {release} is not installed.{hint}", _distribution.HowToInstall(part, release)));
        }

        return installed;
    }

    private string? FindModules(string release)
    {
        if (_options.ModulesPath is { } named)
        {
            if (Directory.Exists(named))
            {
                return Path.GetFullPath(named);
            }

            _diagnostics.Add(KernelDiagnostics.ModulesMissing.At(named, "The directory given for the modules does not exist."));
            return null;
        }

        var installed = _distribution.FindModules(release);
        if (installed is null)
        {
            _diagnostics.Add(KernelDiagnostics.ModulesMissing.Anywhere(
                $"The modules of kernel {release} (/lib/modules/{release}) are not installed.", _distribution.HowToInstall(
                    KernelPart.Image, release)));
        }

        return installed;
    }

    private string? FindSymvers(string headers, string release)
    {
        var path = Path.Combine(headers, "Module.symvers");
        if (File.Exists(path))
        {
            return path;
        }

        _diagnostics.Add(KernelDiagnostics.SymversMissing.At(
            headers, "The build directory has no Module.symvers, so the kernel's exports are unknown.", _distribution.HowToInstall(
                KernelPart.Headers, release)));
        return null;
    }

    private string? FindConfig(string? headers, string release)
    {
        if (_options.ConfigPath is { } named)
        {
            if (File.Exists(named))
            {
                return Path.GetFullPath(named);
            }

            _diagnostics.Add(KernelDiagnostics.ConfigMissing.At(named, "The configuration given does not exist."));
            return null;
        }

        // The headers' own first: it is what their generated headers were made from.
        var beside = headers is null ? null : Path.Combine(headers, ".config");
        var config = File.Exists(beside) ? beside : _distribution.FindConfig(release);
        if (config is null)
        {
            _diagnostics.Add(KernelDiagnostics.ConfigMissing.Anywhere(
                $"The configuration of kernel {release} was not found.", _distribution.HowToInstall(KernelPart.Headers, release)));
        }

        return config;
    }

    private (string Path, SourceKind Kind, string Version, string? PackageVersion)? FindSource(string release)
    {
        var path = _options.SourcePath is { } named ? Path.GetFullPath(named) : _distribution.FindSource(release);
        if (path is null)
        {
            _diagnostics.Add(KernelDiagnostics.SourceMissing.Anywhere(
                $"The source of kernel {release} is not installed.", _distribution.HowToInstall(KernelPart.Source, release)));
            return null;
        }

        if (_distribution.WhySourceDoesNotFit(release, path) is { } reason)
        {
            _diagnostics.Add(KernelDiagnostics.FlavourSource.At(path, reason, _distribution.HowToInstall(KernelPart.Source, release)));
            return null;
        }

        string? version;
        string? package = null;
        var kind = Directory.Exists(path) ? SourceKind.Directory : SourceKind.Tarball;
        if (kind == SourceKind.Directory)
        {
            if (!File.Exists(Path.Combine(path, "Kbuild")) || !File.Exists(Path.Combine(path, "Kconfig")))
            {
                _diagnostics.Add(
                    KernelDiagnostics.NotSource.At(
                        path, "The directory is not the top of a kernel source: Kbuild and Kconfig are not in it."));
                return null;
            }

            version = SourceVersionReader.OfDirectory(path);
        }
        else if (File.Exists(path))
        {
            package = _distribution.PackageVersionOfSource(path);
            version = package is null ? SourceVersionReader.OfTarball(path) : _distribution.UpstreamVersion(package);
        }
        else
        {
            _diagnostics.Add(KernelDiagnostics.NotSource.At(path, "The source given does not exist."));
            return null;
        }

        if (version is null)
        {
            _diagnostics.Add(
                KernelDiagnostics.SourceVersionUnknown.At(path, "No top Makefile with VERSION, PATCHLEVEL and SUBLEVEL was found in it."));
            return null;
        }

        return (path, kind, version, package);
    }

    private IArchitecture? FindArchitecture(KernelConfig config)
    {
        var architecture = Architectures.All.FirstOrDefault(known => config.IsBuiltIn(known.ConfigOption));
        if (architecture is null)
        {
            _diagnostics.Add(KernelDiagnostics.UnknownMachine.At(
                config.Source,
                $"The configuration is for none of the machines known: "
                    + $"{string.Join(", ", Architectures.All.Select(static known => known.Name))}."));
        }

        return architecture;
    }

    private static string RecordedCompiler(KernelConfig? config) => config?.Value("CC_VERSION_TEXT") ?? string.Empty;

    /// <summary>The first candidate that is the kernel's compiler; else the first that is one at all, which the checks
    /// then report; else a diagnostic.</summary>
    private async Task<(CompilerCommand Command, string Text)?> FindCompilerAsync(
        CompilerChoice choice, KernelConfig? config, IProcessRunner runner, CancellationToken cancellationToken)
    {
        (CompilerCommand Command, string Text)? other = null;
        Diagnostic? failure = null;
        foreach (var command in choice.Candidates())
        {
            var (text, problem) = await AskCompilerAsync(command, config, runner, cancellationToken).ConfigureAwait(false);
            if (text is not null && TargetKernelChecks.IsCompiler(text, RecordedCompiler(config)))
            {
                return (command, text);
            }

            other ??= text is null ? null : (command, text);
            failure ??= problem;
        }

        if (other is null && failure is not null)
        {
            _diagnostics.Add(failure);
        }

        return other;
    }

    /// <summary>The compiler's version, asked through its wrappers: they hand the question on to the compiler they run.</summary>
    private async Task<(string? Text, Diagnostic? Problem)> AskCompilerAsync(
        CompilerCommand command, KernelConfig? config, IProcessRunner runner, CancellationToken cancellationToken)
    {
        var program = command.Words[0];
        try
        {
            var request = new ProcessRequest(
                program, [.. command.Words.Skip(1), "--version"])
            { Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" } };
            var result = await runner.RunAsync(request, cancellationToken).ConfigureAwait(false);
            var line = result.Output.Split('\n')[0].Trim();
            if (result.Succeeded && line.Length > 0)
            {
                return (line, null);
            }

            return (null, KernelDiagnostics.CompilerMissing.Anywhere(
                $"'{command} --version' failed: {result.Error.Trim()}", _distribution.HowToInstallCompiler(
                    command.Program, RecordedCompiler(config))));
        }
        catch (DiagnosticException)
        {
            return (null, command.Wrappers.Count == 0
                ? KernelDiagnostics.CompilerMissing.Anywhere(
                    $"The compiler of the kernel, '{command}', is not installed.", _distribution.HowToInstallCompiler(
                        command.Program, RecordedCompiler(config)))
                : KernelDiagnostics.CompilerMissing.Anywhere(
                    $"'{program}', which '{command}' puts in front of the compiler, is not installed.", _distribution.HowToInstallCompiler(
                        program, string.Empty)));
        }
    }

    private void CheckTogether(TargetKernel target, KernelConfig config)
    {
        var compiler = TargetKernelChecks.CheckCompiler(target, RecordedCompiler(config));
        if (compiler is not null && (_options.Compiler ?? _options.Llvm) is not null)
        {
            compiler =
                compiler with { Remedy = $"Unset CC and LLVM and leave --cc out, so that the kernel's own compiler is used. {compiler.Remedy}" };
        }

        Report(compiler, _options.SkipCompilerCheck);
        try
        {
            if (BootImage.TryReadVersion(target.ImagePath) is not { } told)
            {
                return;
            }

            Report(TargetKernelChecks.CheckRelease(target, told), accept: false);
            Report(TargetKernelChecks.CheckSource(target, told), _options.SkipVersionCheck);
            Report(TargetKernelChecks.CheckHeaders(target, told), _options.SkipVersionCheck);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            _diagnostics.Add(CoreDiagnostics.CannotRead.At(target.ImagePath, problem.Message));
        }
    }

    private void Report(Diagnostic? finding, bool accept)
    {
        if (finding is not null)
        {
            _diagnostics.Add(accept ? TargetKernelChecks.Accept(finding) : finding);
        }
    }
}
