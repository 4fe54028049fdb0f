using System.Globalization;
using LivePatch.Core.Progress;
using LivePatch.Kbuild.Trees;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Spectre.Console;

namespace LivePatch.Cli.Rendering;

/// <summary>What a run does, as it does it: everything into a log file, the stages onto the console.</summary>
internal sealed class BuildLog : IBuildProgress, IProgress<string>, IDisposable
{
    private const int KeptLogs = 20;
    private readonly Logger _logger;
    private readonly TextWriter _console;
    private readonly Verbosity _verbosity;
    private readonly bool _isTerminal;
    private StatusContext? _status;

    private BuildLog(Logger logger, string path, TextWriter console, Verbosity verbosity, bool isTerminal)
    {
        _logger = logger;
        _console = console;
        _verbosity = verbosity;
        _isTerminal = isTerminal;
        FilePath = path;
    }

    /// <summary>The log file.</summary>
    public string FilePath { get; }

    /// <summary>Opens a log file in the cache; old ones beyond a few are removed.</summary>
    public static BuildLog Open(string cache, string name, TextWriter console, Verbosity verbosity, bool isTerminal)
    {
        var place = new CacheDirectory(cache);
        var directory = place.Logs;
        place.RemoveOldLogs(KeptLogs - 1);

        var time = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);
        var path = Path.Combine(directory, $"{name}-{time}.log");
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Debug()
            .WriteTo.File(
                path,
                formatProvider: CultureInfo.InvariantCulture,
                outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}");
        if (verbosity == Verbosity.Debug)
        {
            configuration = configuration.WriteTo.Console(
                LogEventLevel.Debug, "{Message:lj}{NewLine}{Exception}", CultureInfo.InvariantCulture,
                standardErrorFromLevel: LogEventLevel.Verbose);
        }

        return new BuildLog(configuration.CreateLogger(), path, console, verbosity, isTerminal);
    }

    /// <inheritdoc/>
    public void Stage(string stage)
    {
        stage = PrintableText.OfLine(stage);
        _logger.Information("{Stage}", stage);
        if (_status is { } status)
        {
            status.Status = Markup.Escape(stage);
        }
        else if (_verbosity >= Verbosity.Verbose || (_verbosity == Verbosity.Normal && !_isTerminal))
        {
            lock (_console)
            {
                _console.WriteLine(stage);
            }
        }
    }

    /// <inheritdoc/>
    public void Log(string line) => _logger.Debug("{Line}", PrintableText.Of(line));

    /// <inheritdoc/>
    public void Report(string value) => Stage(value);

    /// <summary>Puts an unexpected failure, trace and all, into the log.</summary>
    public void Failure(Exception failure) => _logger.Error(failure, "internal error");

    /// <summary>Runs work under a spinner when there is a terminal to show it on.</summary>
    public async Task<T> RunAsync<T>(string first, Func<Task<T>> work)
    {
        if (!_isTerminal || _verbosity is Verbosity.Quiet or Verbosity.Debug)
        {
            return await work().ConfigureAwait(false);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(OutputWriter.Raw(_console)) });
        if (console.Profile.Width < Terminal.LeastWidth)
        {
            // A spinner and its text would be wrapped for ever.
            return await work().ConfigureAwait(false);
        }

        return await console.Status().StartAsync(first, async context =>
        {
            _status = context;
            try
            {
                return await work().ConfigureAwait(false);
            }
            finally
            {
                _status = null;
            }
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _logger.Dispose();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The disk is full: what the run was about is more than its log.
        }
    }
}
