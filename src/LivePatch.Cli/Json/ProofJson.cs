using LivePatch.Proof;

namespace LivePatch.Cli.Json;

/// <summary>What a proof looked at.</summary>
internal sealed record ProofJson(
    bool IsProved,
    int Functions,
    int Replaced,
    int References,
    int Tables,
    int Literals,
    int Positions,
    int ToOld,
    int ToNew,
    IReadOnlyList<PrivateJson> Private,
    IReadOnlyDictionary<string, int> Forgiven,
    IReadOnlyList<string> Unconfirmed)
{
    public static ProofJson? From(ProofResult? proof) => proof is null ? null : new ProofJson(
        proof.IsProved,
        proof.Functions,
        proof.Replaced,
        proof.References,
        proof.Tables,
        proof.Literals,
        proof.Positions,
        proof.ToOld,
        proof.ToNew,
        [.. proof.Private.Select(static item => new PrivateJson(item.Object, item.Name, item.Reason))],
        proof.Forgiven.ToDictionary(),
        proof.Unconfirmed);
}
