using LivePatch.Core.Diagnostics;

namespace LivePatch.Diff.Layout;

/// <summary>Collects the changed types of a build's objects and makes one message of each type, however many objects see it.</summary>
/// <param name="accepted">Types the author accepts: "foo", "struct foo".</param>
public sealed class LayoutReport(IReadOnlyCollection<string> accepted)
{
    private const int MostDetails = 6;
    private const int MostOuter = 5;
    private readonly List<(LayoutChange Change, List<string> Objects)> _changes = [];

    /// <summary>Adds what was found in an object.</summary>
    public void Add(string objectPath, IEnumerable<LayoutChange> changes)
    {
        foreach (var change in changes)
        {
            var key = (change.Type, change.Function, string.Join('\n', change.Details));
            var known = _changes.Find(item => (item.Change.Type, item.Change.Function, string.Join('\n', item.Change.Details)) == key);
            if (known.Change is null)
            {
                _changes.Add((change, [objectPath]));
            }
            else
            {
                known.Objects.Add(objectPath);
            }
        }
    }

    /// <summary>The messages: a refusal for each type that changes by itself and was not accepted. A type that only changes because of
    /// another one inside it is named with that one.</summary>
    public IEnumerable<Diagnostic> Diagnostics()
    {
        foreach (var (change, objects) in _changes.Where(static item => item.Change.Because.Count == 0))
        {
            var place = DiagnosticLocation.InSymbol(objects[0], change.DisplayName);
            var outer =
                _changes.Where(item => Contains(item.Change, change))
                    .Select(static item => item.Change)
                    .DistinctBy(static item => item.DisplayName)
                    .ToList();
            var text = Describe(change, objects, outer);
            if (IsAccepted(change))
            {
                yield return LayoutDiagnostics.Accepted.At(place, text);
            }
            else
            {
                var descriptor = change.IsEnumeration ? LayoutDiagnostics.ValuesChanged : LayoutDiagnostics.LayoutChanged;
                yield return descriptor.At(
                    place,
                    text,
                    $"{descriptor.Remedy} If no instance is shared between old and new code, accept it with --allow-layout-change "
                        + $"'{change.Type}'.");
            }
        }

        foreach (var name in accepted.Where(name => !_changes.Exists(item => Matches(name, item.Change))))
        {
            yield return LayoutDiagnostics.NothingToAccept.Anywhere($"'{name}' is no type that this patch changes.");
        }
    }

    private bool IsAccepted(LayoutChange change) => accepted.Any(name => Matches(name, change));

    private static bool Matches(string name, LayoutChange change) =>
        name == change.Type || name == change.Type[(change.Type.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    /// <summary>True when a type changes because of another one, directly or through a third.</summary>
    private bool Contains(LayoutChange outer, LayoutChange inner) => Contains(outer, inner.Type, []);

    private bool Contains(LayoutChange outer, string inner, HashSet<string> seen) =>
        seen.Add(outer.Type) && (outer.Because.Contains(inner)
            || outer.Because.Any(name => _changes.Exists(item => item.Change.Type == name && Contains(item.Change, inner, seen))));

    private static string Describe(LayoutChange change, List<string> objects, List<LayoutChange> outer)
    {
        var text = $"{string.Join("; ", change.Details.Take(MostDetails))}{More(change.Details.Count - MostDetails)}.";
        if (objects.Count > 1)
        {
            text += $" {objects.Count} objects see the change.";
        }

        return outer.Count == 0 ? text
            : $"{text} It is part of "
                + $"{string.Join("; ", outer.Take(MostOuter).Select(static item => $"{item.DisplayName} ({item.Details[0]})"))}{More(outer.Count - MostOuter)}.";
    }

    private static string More(int count) => count > 0 ? $" and {count} more" : string.Empty;
}
