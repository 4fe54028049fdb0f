using LivePatch.Diff.Flow;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Select;

/// <summary>One instruction that leaves an address of the livepatch with the kernel.</summary>
/// <param name="Function">The replaced or new function it belongs to.</param>
/// <param name="Use">The instruction and what it does.</param>
/// <param name="What">Whose address it is: a name, or the literal.</param>
public sealed record OutlivingAddress(Atom Function, AddressUse Use, string What)
{
    /// <summary>True for a text that NL_SET_ERR_MSG leaves in the request.</summary>
    public bool IsNetlinkText { get; init; }

    /// <summary>As a sentence without its full stop.</summary>
    public string Text => Use.Kind switch
    {
        AddressUseKind.Stored => $"{Use.Instruction} stores the address of {What}, which is in the livepatch's memory{In}",
        AddressUseKind.Returned =>
            $"The address of {What}, which is in the livepatch's memory, is returned to whoever calls {Use.Where.Name}",
        _ => $"The address of {What}, which is in the livepatch's memory, is handed to {Receiver}",
    };

    /// <summary>The same in a list.</summary>
    public string Short => Use.Kind switch
    {
        AddressUseKind.Stored => $"{What} at +0x{Use.Offset:x}{In}",
        AddressUseKind.Returned => $"{What}, returned",
        _ => $"{What} at +0x{Use.Offset:x}, to {Receiver}",
    };

    private string In => Use.Other is null ? string.Empty : $", in {Use.Other}";

    private string Receiver => Use.Other ?? "a function called by pointer";
}
