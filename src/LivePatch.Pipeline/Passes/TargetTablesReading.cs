using LivePatch.Core.Diagnostics;
using LivePatch.Kernel.Targets;
using LivePatch.Module.Target;

namespace LivePatch.Pipeline.Passes;

/// <summary>
/// The target's tables, read while the compiler runs. A build that ends before they are wanted ends the reading, and waits for that:
/// nothing may still read the image, or write the unpacked one into the cache, when the build is over.
/// </summary>
internal sealed class TargetTablesReading : IAsyncDisposable
{
    private readonly CancellationTokenSource _end;

    private TargetTablesReading(CancellationTokenSource end, Task<TargetTables> tables)
    {
        _end = end;
        Tables = tables;
    }

    /// <summary>The tables, which are closed with this.</summary>
    /// <exception cref="DiagnosticException">They cannot be read.</exception>
    public Task<TargetTables> Tables { get; }

    /// <summary>Begins to read them.</summary>
    public static TargetTablesReading Start(
        BuildRun run, TargetKernel target, AdditionalModules additional, string images, CancellationToken cancellationToken)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = end.Token;
        return new TargetTablesReading(
            end, Task.Run(() => TargetTables.Load(target, images, run.Options.SkipCompilerCheck, additional, token), token));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);

        // What went wrong was told whoever waited for the tables.
        await ((Task)Tables).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Tables.IsCompletedSuccessfully)
        {
            (await Tables.ConfigureAwait(false)).Dispose();
        }

        _end.Dispose();
    }
}
