using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Objects;

namespace LivePatch.Module.Extract;

/// <summary>A symbol of the running kernel that new code refers to.</summary>
/// <param name="Name">Its name in the original object, which is the running kernel's name for it.</param>
/// <param name="IsLocal">True for a static function or variable of the object itself.</param>
/// <param name="IsWeak">True when the reference may stay unresolved.</param>
/// <param name="Original">Its definition in the original object; null when another object defines it.</param>
/// <param name="Place">Who refers to it.</param>
public sealed record SymbolRequest(string Name, bool IsLocal, bool IsWeak, Atom? Original, DiagnosticLocation Place)
{
    /// <summary>True when the address itself is wanted, as against a call or jump.</summary>
    public bool TakesAddress { get; init; }
}
