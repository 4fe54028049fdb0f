using LivePatch.Core.Diagnostics;

namespace LivePatch.Proof;

/// <summary>What a proof looked at, and what it found.</summary>
/// <param name="Diagnostics">Refusals and notes; the module is proved when none is fatal.</param>
/// <param name="Functions">Functions of the module compared with the patched object's, instruction by instruction.</param>
/// <param name="Replaced">Rows of klp_func.</param>
/// <param name="References">Addresses in code and data whose meaning was compared.</param>
/// <param name="Tables">Entries of special tables compared.</param>
/// <param name="Literals">Literals compared, each as a whole.</param>
/// <param name="ToOld">Calls of replaced functions that go to the kernel's entry, where ftrace redirects them.</param>
/// <param name="ToNew">Calls of replaced functions that go to the module's.</param>
/// <param name="Positions">Positions among equal names that the target's own code confirmed.</param>
/// <param name="Private">What is the module's own, with the reason.</param>
/// <param name="Forgiven">Differences that an explicit rule forgives: the rule's name and how often.</param>
/// <param name="Unconfirmed">Names whose position or counterpart nothing in the target confirms or contradicts.</param>
public sealed record ProofResult(
    IReadOnlyList<Diagnostic> Diagnostics,
    int Functions,
    int Replaced,
    int References,
    int Tables,
    int Literals,
    int ToOld,
    int ToNew,
    int Positions,
    IReadOnlyList<PrivatePart> Private,
    IReadOnlyList<KeyValuePair<string, int>> Forgiven,
    IReadOnlyList<string> Unconfirmed)
{
    /// <summary>True when the module does what the patched objects say.</summary>
    public bool IsProved => !Diagnostics.Any(static item => item.IsFatal);
}
