using LivePatch.Core.Diagnostics;
using LivePatch.Kbuild.Compile;
using LivePatch.Kbuild.Trees;
using LivePatch.Kbuild.Units;
using LivePatch.Patches;

namespace LivePatch.Pipeline.Sources;

/// <summary>The unpatched source, and what can be asked of it.</summary>
internal interface ISourceTree : IDisposable
{
    /// <summary>The tree.</summary>
    WorkTree Tree { get; }

    /// <summary>Compiles its objects.</summary>
    IObjectCompiler Compiler { get; }

    /// <summary>Reports what the patch does that cannot be done to such a source.</summary>
    void Refuse(PatchPlan plan);

    /// <summary>The changed files that no object is compiled from, and that the build generates others from, or runs for that.</summary>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    Task<IReadOnlyList<string>> GeneratorInputsAsync(PatchPlan plan, CancellationToken cancellationToken);

    /// <summary>What the tree builds from the patch's sources.</summary>
    /// <exception cref="DiagnosticException">Kbuild cannot be asked (LP0332).</exception>
    Task<IBuiltObjects> BuiltObjectsAsync(PatchPlan plan, CancellationToken cancellationToken);

    /// <summary>Generates in the patched tree what changes with the patch.</summary>
    /// <param name="inputs">Changed files that others are generated from.</param>
    /// <param name="plan">What the patch does.</param>
    /// <param name="overlay">The patched tree.</param>
    /// <param name="temporary">A directory for intermediate files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The generated files that are others with the patch.</returns>
    /// <exception cref="DiagnosticException">Something is refused, or fails.</exception>
    Task<IReadOnlyList<string>> GenerateAsync(
        IReadOnlyList<string> inputs, PatchPlan plan, PatchOverlay overlay, string temporary, CancellationToken cancellationToken);

    /// <summary>The objects that read otherwise because a header or a generated file is another.</summary>
    /// <param name="headers">Changed, new and removed headers.</param>
    /// <param name="generated">Generated files that changed.</param>
    /// <param name="units">What is compiled anyway.</param>
    /// <param name="overlay">The patched tree.</param>
    /// <param name="temporary">A directory for intermediate files.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Their paths, without those of <paramref name="units"/>. What is refused is reported.</returns>
    /// <exception cref="DiagnosticException">It cannot be found out.</exception>
    Task<IReadOnlyList<string>> ObjectsReachedAsync(
        IReadOnlyList<string> headers,
        IReadOnlyList<string> generated,
        UnitPlan units,
        PatchOverlay overlay,
        string temporary,
        CancellationToken cancellationToken);
}
