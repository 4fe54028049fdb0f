namespace LivePatch.Boot.Guest;

/// <summary>A step that failed in the guest.</summary>
/// <param name="What">The word after <c>@ fail</c>.</param>
/// <param name="Detail">The rest of that line.</param>
/// <param name="Output">The payload lines before it.</param>
internal sealed record GuestFailure(string What, string Detail, string Output);
