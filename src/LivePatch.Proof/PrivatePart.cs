namespace LivePatch.Proof;

/// <summary>A function or variable of the module that the running kernel does not share.</summary>
/// <param name="Object">The object it comes from.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Reason">Why it may be the module's own: "new", "constant", "once flag", ...</param>
public sealed record PrivatePart(string Object, string Name, string Reason);
