using LivePatch.Kbuild.Compile;
using LivePatch.Kernel;

namespace LivePatch.Pipeline;

/// <summary>
/// A compiled pair as part of one owner. An object that is linked into two modules runs twice, with the symbols of
/// the one and of the other; so it is compared, extracted and bound once for each, from the same two files.
/// </summary>
/// <param name="Before">The object before the patch.</param>
/// <param name="After">The object after it.</param>
/// <param name="Owner">vmlinux or a module.</param>
internal sealed record PatchedPart(CompiledObject Before, CompiledObject After, ObjectOwner Owner)
{
    /// <summary>One part for each owner of each pair, in the pairs' order.</summary>
    public static IReadOnlyList<PatchedPart> Of(IEnumerable<(CompiledObject Before, CompiledObject After)> pairs) =>
        [.. pairs.SelectMany(static pair => pair.Before.Owners.Select(owner => new PatchedPart(pair.Before, pair.After, owner)))];
}
