using LivePatch.Core.Diagnostics;

namespace LivePatch.Kbuild.Compile;

/// <summary>Compiles one object of a source in its three forms.</summary>
public interface IObjectCompiler
{
    /// <summary>The unpatched source's top.</summary>
    string Root { get; }

    /// <summary>The object of the unpatched source, with a section for each function and variable.</summary>
    /// <param name="objectPath">The object, relative to the source's top.</param>
    /// <param name="cancellationToken">Ends the compiler.</param>
    /// <exception cref="DiagnosticException">It is not built in this configuration, or does not compile.</exception>
    Task<CompiledObject> OriginalAsync(string objectPath, CancellationToken cancellationToken);

    /// <summary>Makes several originals beforehand where that is faster together. What fails is left for
    /// <see cref="OriginalAsync"/>, which explains.</summary>
    Task MakeOriginalsAsync(IReadOnlyList<string> objectPaths, int jobs, CancellationToken cancellationToken);

    /// <summary>The objects of sources that are only in the patched tree.</summary>
    /// <param name="objectPaths">The objects, relative to the source's top.</param>
    /// <param name="overlayRoot">The patched source's top.</param>
    /// <param name="jobs">How many compilers at a time.</param>
    /// <param name="cancellationToken">Ends the compiler.</param>
    /// <exception cref="DiagnosticException">One does not compile (LP0323), or is not built (LP0324).</exception>
    Task<IReadOnlyList<CompiledObject>> NewAsync(
        IReadOnlyList<string> objectPaths, string overlayRoot, int jobs, CancellationToken cancellationToken);

    /// <summary>The object compiled exactly as it was shipped: all functions in one section.</summary>
    /// <exception cref="DiagnosticException">It does not compile.</exception>
    Task<CompiledObject> ShippedAsync(CompiledObject original, CancellationToken cancellationToken);

    /// <summary>The object of the patched source.</summary>
    /// <param name="original">The original, whose command is replayed.</param>
    /// <param name="overlayRoot">The patched source's top.</param>
    /// <param name="cancellationToken">Ends the compiler.</param>
    /// <exception cref="DiagnosticException">It does not compile (LP0323, with the compiler's messages).</exception>
    Task<CompiledObject> PatchedAsync(CompiledObject original, string overlayRoot, CancellationToken cancellationToken);
}
