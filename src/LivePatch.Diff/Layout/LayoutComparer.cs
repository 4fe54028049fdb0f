using System.Globalization;
using LivePatch.Elf.Dwarf;

namespace LivePatch.Diff.Layout;

/// <summary>
/// Compares the types two versions of an object have in common.
///
/// A structure's layout is a contract with code and data that no livepatch replaces: instances made before, other objects, modules
/// built outside the tree. Object code does not show it: an instruction that uses offset 24 instead of 16 looks like
/// any change. So types are compared by their debugging information, by name and scope.
///
/// A field that only has another name at the same place is no change, as bytes stay where they are and mean what they meant; fields that trade their
/// places are one, since their values are found under the other's name. A type of the same size is a change when it means
/// something else: another structure, a pointer to another one, a pointer in place of a number. A sign is none, nor is a void pointer that says what it leads to.
/// Types that only one version has or uses are not compared: what is new has no old instances. A name that means several types in
/// one scope is a change only when an old layout is nowhere among the new ones.
/// </summary>
public static class LayoutComparer
{
    /// <summary>The types that differ, in the original's order; those that change by themselves first.</summary>
    public static IReadOnlyList<LayoutChange> Compare(IReadOnlyList<TypeLayout> original, IReadOnlyList<TypeLayout> patched)
    {
        var after = patched.ToLookup(static type => (type.Name, type.Function));
        var changed = new List<(TypeLayout Old, TypeLayout New)>();
        foreach (var type in original.DistinctBy(static type => (type.Name, type.Function)))
        {
            var news = after[(type.Name, type.Function)].ToList();
            var olds = original.Where(other => other.Name == type.Name && other.Function == type.Function);
            if (news.Count > 0 && olds.FirstOrDefault(old => news.TrueForAll(other => !IsSame(old, other))) is { } gone)
            {
                changed.Add((gone, news[0]));
            }
        }

        var names = changed.Select(static pair => pair.Old.Name).ToHashSet(StringComparer.Ordinal);
        return [.. changed.Select(pair => Describe(pair.Old, pair.New, names)).OrderBy(static change => change.Because.Count > 0)];
    }

    private static bool IsSame(TypeLayout old, TypeLayout other) =>
        old.Size == other.Size
        && old.Fields.Count == other.Fields.Count
        && old.Fields.Zip(other.Fields).All(static pair => pair.First.BitOffset == pair.Second.BitOffset && pair.First.BitSize == pair.Second.BitSize && MeanTheSame(pair.First, pair.Second))
        && !HaveTraded(old, other)
        && ValueChanges(old, other).Count == 0;

    private static bool MeanTheSame(FieldLayout old, FieldLayout other) =>
        (old.Type.Length == 0) == (other.Type.Length == 0) && DwarfMeaning.AreInterchangeable(old.Type, other.Type);

    /// <summary>True when a name is at another place than before.</summary>
    private static bool HaveTraded(TypeLayout old, TypeLayout other)
    {
        if (old.Fields.Zip(other.Fields).All(static pair => pair.First.Name == pair.Second.Name))
        {
            return false;
        }

        var before = old.Fields.DistinctBy(static field => field.Name).ToDictionary(static field => field.Name, static field => field.BitOffset, StringComparer.Ordinal);
        return other.Fields.DistinctBy(static field => field.Name).Any(field => before.TryGetValue(field.Name, out var place) && place != field.BitOffset);
    }

    private static LayoutChange Describe(TypeLayout old, TypeLayout other, HashSet<string> changed)
    {
        if (old.Values.Count > 0)
        {
            return new LayoutChange(old.Name, old.Function, ValueChanges(old, other), true, []);
        }

        var details = new List<string>();
        if (old.Size != other.Size)
        {
            details.Add(Text($"its size goes from {old.Size} to {other.Size} bytes"));
        }

        // A name may come twice, for unnamed bit fields; these are not told apart.
        var before = old.Fields.DistinctBy(static field => field.Name).ToDictionary(static field => field.Name, StringComparer.Ordinal);
        var after = other.Fields.DistinctBy(static field => field.Name).ToDictionary(static field => field.Name, StringComparer.Ordinal);
        var added = after.Values.Where(field => !before.ContainsKey(field.Name)).ToList();
        var removed = before.Values.Where(field => !after.ContainsKey(field.Name)).ToList();
        details.AddRange(added.Select(static field => $"{field.Name} is new at {Place(field)}"));
        details.AddRange(removed.Select(static field => $"{field.Name}, at {Place(field)}, is gone"));

        var resized = new List<FieldLayout>();
        foreach (var (name, was) in before)
        {
            if (!after.TryGetValue(name, out var now))
            {
                continue;
            }

            if (was.BitSize != now.BitSize)
            {
                resized.Add(was);
                details.Add(was.BitOffset == now.BitOffset
                    ? $"{name} at {Position(was)} goes from {Extent(was)} to {Extent(now)}"
                    : $"{name} goes from {Place(was)} to {Place(now)}");
            }
            else if (was.BitOffset != now.BitOffset)
            {
                details.Add($"{name} moves from {Position(was)} to {Position(now)} ({Extent(was)})");
            }
        }

        foreach (var (was, now) in old.Fields.Zip(other.Fields).Where(static pair => pair.First.BitOffset == pair.Second.BitOffset
            && pair.First.BitSize == pair.Second.BitSize && !MeanTheSame(pair.First, pair.Second)))
        {
            details.Add($"{was.Name} at {Position(was)} was \"{was.TypeText}\", and {(was.Name == now.Name ? "becomes" : $"{now.Name} there is")} \"{now.TypeText}\"");
        }

        var inner = resized.Select(static field => field.Aggregate).OfType<string>().Where(changed.Contains).Distinct().ToList();
        var isOuter = added.Count == 0 && removed.Count == 0 && resized.Count > 0 && resized.TrueForAll(field => field.Aggregate is { } type && changed.Contains(type));
        return new LayoutChange(old.Name, old.Function, details, false, isOuter ? inner : []);
    }

    /// <summary>Values that were there before and are others now, or gone.</summary>
    private static List<string> ValueChanges(TypeLayout old, TypeLayout other)
    {
        var now = other.Values.DistinctBy(static value => value.Name).ToDictionary(static value => value.Name, static value => value.Value, StringComparer.Ordinal);
        return
        [
            .. old.Values.Where(value => now.TryGetValue(value.Name, out var changed) && changed != value.Value)
                .Select(value => Text($"{value.Name} goes from {value.Value} to {now[value.Name]}")),
        ];
    }

    private static string Place(FieldLayout field) => $"{Position(field)} ({Extent(field)})";

    private static string Position(FieldLayout field) =>
        field.BitOffset % 8 == 0 ? Text($"byte {field.BitOffset / 8}") : Text($"byte {field.BitOffset / 8} bit {field.BitOffset % 8}");

    private static string Extent(FieldLayout field) => (field.BitSize % 8, field.BitSize / 8) switch
    {
        (0, 1) => "1 byte",
        (0, var bytes) => Text($"{bytes} bytes"),
        _ => field.BitSize == 1 ? "1 bit" : Text($"{field.BitSize} bits"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
