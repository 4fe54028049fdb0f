namespace LivePatch.Kbuild.Headers;

/// <summary>
/// A change of headers that touches static inline functions only: no directive, no other declaration.
///
/// Then everything else that the preprocessor makes of an including file is the same before and after, and whether the file uses one of
/// the functions shows in the patched text alone: on the way from its code to a changed function, the first changed
/// one is reached in both texts. That halves the work of <see cref="PreprocessFilter"/>. A change that is not understood to be of this kind
/// is none.
/// </summary>
/// <param name="Changed">The functions that differ or are new.</param>
/// <param name="Users">These and the header's inline functions that use them: a source that names one is affected.</param>
public sealed record InlineChange(IReadOnlySet<string> Changed, IReadOnlySet<string> Users)
{
    /// <summary>The change of all headers together; null when one of them differs in anything else.</summary>
    /// <param name="headers">The text of each before and after; null where it does not exist.</param>
    public static InlineChange? Of(IEnumerable<(string? Before, string? After)> headers)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        var functions = new List<TopLevelItem>();
        foreach (var (before, after) in headers)
        {
            if (before is null || after is null)
            {
                return null;
            }

            var (old, other) = (InlineUse.Split(SourceText.WithoutComments(before)), InlineUse.Split(SourceText.WithoutComments(after)));
            if (InlineUse.Differing(old, other) is not { } names
                || old.Concat(other).Any(item => item.Inline is not null && names.Contains(item.Inline) && HasDirective(item.Text))
                || names.Except(other.Select(static item => item.Inline)).Any())
            {
                return null;
            }

            changed.UnionWith(names);
            functions.AddRange(other.Where(static item => item.Inline is not null));
        }

        var users = new HashSet<string>(changed, StringComparer.Ordinal);
        while (functions.Where(item => !users.Contains(item.Inline!) && item.Words().Any(users.Contains))
            .Select(static item => item.Inline!)
            .ToList() is { Count: > 0 } more)
        {
            users.UnionWith(more);
        }

        return new InlineChange(changed, users);
    }

    // A directive in the middle of a function, or one in disguise.
    private static bool HasDirective(string text) =>
        text.Contains('#', StringComparison.Ordinal) || text.Contains("_Pragma", StringComparison.Ordinal);
}
