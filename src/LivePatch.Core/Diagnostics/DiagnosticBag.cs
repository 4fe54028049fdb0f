using System.Collections;

namespace LivePatch.Core.Diagnostics;

/// <summary>Collects the diagnostics of one stage, in the order reported. Not safe for concurrent use:
/// parallel work fills one bag per item and merges them in item order, so that output is stable.</summary>
public sealed class DiagnosticBag : IReadOnlyList<Diagnostic>
{
    private readonly List<Diagnostic> _items = [];

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public Diagnostic this[int index] => _items[index];

    /// <summary>True when something fatal (error or refusal) was reported.</summary>
    public bool HasFatal => _items.Exists(static item => item.IsFatal);

    /// <summary>Adds one diagnostic.</summary>
    public void Add(Diagnostic diagnostic) => _items.Add(diagnostic);

    /// <summary>Puts another diagnostic in the place of one.</summary>
    public void Replace(int index, Diagnostic diagnostic) => _items[index] = diagnostic;

    /// <summary>Forgets everything.</summary>
    public void Clear() => _items.Clear();

    /// <summary>Adds all of another stage's diagnostics, in their order.</summary>
    public void AddRange(IEnumerable<Diagnostic> diagnostics) => _items.AddRange(diagnostics);

    /// <inheritdoc/>
    public IEnumerator<Diagnostic> GetEnumerator() => _items.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
