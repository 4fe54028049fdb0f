namespace LivePatch.Diff.Accounting;

/// <summary>The account of two objects: one claim for every piece of every allocated section of both.</summary>
public sealed class Ledger
{
    internal Ledger(IReadOnlyList<Claim> claims)
    {
        Claims = claims;
        Unclaimed = [.. claims.Where(static claim => claim.Kind == ClaimKind.Unclaimed)];
    }

    /// <summary>All claims: those of the patched object first, each side in its own order.</summary>
    public IReadOnlyList<Claim> Claims { get; }

    /// <summary>What nothing accounts for; empty in a result that may be used.</summary>
    public IReadOnlyList<Claim> Unclaimed { get; }

    /// <summary>How many pieces are accounted for in each way.</summary>
    public IEnumerable<(ClaimKind Kind, int Count)> Totals() =>
        Claims.GroupBy(static claim => claim.Kind).OrderBy(static group => group.Key).Select(static group => (group.Key, group.Count()));
}
