using LivePatch.Diff;
using LivePatch.Kbuild.Compile;
using LivePatch.Kernel;
using LivePatch.Module.Extract;

namespace LivePatch.Pipeline;

/// <summary>
/// An object under patch as part of what it is linked into. It grows from pass to pass: compiled before and after, then compared, then
/// extracted. An object that is linked into two modules runs twice, with the symbols of the one and of the other; so it is compared,
/// extracted and bound once for each, from the same two files.
/// </summary>
/// <param name="Before">The object before the patch; one that holds nothing when the patch adds the source.</param>
/// <param name="After">The object after it.</param>
/// <param name="Owner">vmlinux or a module.</param>
public sealed record PatchedPart(CompiledObject Before, CompiledObject After, ObjectOwner Owner)
{
    /// <summary>The object's path in the patched tree.</summary>
    public string Path => After.Path;

    /// <summary>True when the patch adds the source.</summary>
    public bool IsAdded { get; init; }

    /// <summary>What differs.</summary>
    /// <exception cref="InvalidOperationException">It has not been compared yet.</exception>
    public DiffResult Diff
    {
        get => field ?? throw new InvalidOperationException($"{Path} has not been compared.");
        init;
    }

    /// <summary>What goes into the livepatch; null until it is extracted, and where nothing changes.</summary>
    public ExtractedObject? Extracted { get; init; }
}
