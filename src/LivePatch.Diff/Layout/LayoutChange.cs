namespace LivePatch.Diff.Layout;

/// <summary>A type that lies differently in memory after the patch.</summary>
/// <param name="Type">As C names it: "struct foo"; a typedef's name for a type without one.</param>
/// <param name="Function">The function it is local to; null at file scope.</param>
/// <param name="Details">What differs, a phrase each: "bar moves from byte 16 to byte 24 (4 bytes)".</param>
/// <param name="IsEnumeration">True when values of enumerators differ, not a layout.</param>
/// <param name="Because">The changed types inside it that alone account for its change; empty when it changes by itself.</param>
public sealed record LayoutChange(
    string Type, string? Function, IReadOnlyList<string> Details, bool IsEnumeration, IReadOnlyList<string> Because)
{
    /// <summary>The type as messages and options name it.</summary>
    public string DisplayName => Function is null ? Type : $"{Type} of {Function}";
}
