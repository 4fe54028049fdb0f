using System.Globalization;
using System.Text;
using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Compare;

/// <summary>
/// Initial values as an author would write them, for diagnostics about changed data. The type of a variable is not in the
/// object, so its size and relocations decide: 1, 2, 4 or 8 bytes are a number, printable bytes up to a terminator a string, a
/// relocated field a pointer. Of anything larger only the first differing field is told.
/// </summary>
internal static class ValueText
{
    private const int LongestString = 60;

    /// <summary>"it was 5 and becomes 6"; null when nothing small differs.</summary>
    public static string? Difference(Atom original, Atom patched)
    {
        if (Whole(original) is { } before && Whole(patched) is { } after)
        {
            return before == after ? null : $"it was {before} and becomes {after}";
        }

        if (FirstDifference(original, patched) is not { } offset)
        {
            return null;
        }

        // Pointers have eight bytes and are aligned; anything else is told by the four bytes that hold the difference.
        var start = offset & ~7UL;
        ulong width = 8;
        if (!HasReference(original, start) && !HasReference(patched, start))
        {
            start = offset & ~3UL;
            width = Math.Min(4, Math.Min(original.Size, patched.Size) - start);
        }

        return width is 1 or 2 or 4 or 8
            ? $"the {width} bytes at +0x{start:x} were {Field(original, start, (int)width)} and become {Field(patched, start, (int)width)}"
            : null;
    }

    private static string? Whole(Atom atom)
    {
        var size = atom.Symbol is { Size: > 0 } symbol ? symbol.Size : atom.Size;
        return size switch
        {
            1 or 2 or 4 or 8 => Field(atom, 0, (int)size),
            > 8 when atom.References.Count == 0 => Text(atom, size),
            _ => null,
        };
    }

    private static string Field(Atom atom, ulong offset, int width)
    {
        foreach (var reference in atom.References)
        {
            if (reference.Offset == offset)
            {
                return Pointer(reference);
            }
        }

        var value = !atom.Bytes.IsEmpty && offset + (ulong)width <= atom.Size
            ? atom.Section.Order.ReadNumber(atom.Bytes.Slice((int)offset, width))
            : 0;
        var signed = (long)(value << (64 - (8 * width))) >> (64 - (8 * width));
        if (width == 1)
        {
            // A byte is mostly unsigned.
            return value < 128 ? value.ToString(CultureInfo.InvariantCulture) : $"{value} (0x{value:x})";
        }

        return signed is < 0 and >= -4096
            ? signed.ToString(CultureInfo.InvariantCulture)
            : value < 4096 ? value.ToString(CultureInfo.InvariantCulture) : $"{value} (0x{value:x})";
    }

    private static string Pointer(in Reference reference)
    {
        if (reference.Target is not { } target)
        {
            return "&" + reference.Relocation.Symbol.DisplayName + Offset(reference.TargetOffset);
        }

        var inSymbol = reference.TargetOffset - (long)target.EntryOffset;
        return target.Kind == AtomKind.Literals ? Literals.Describe(reference) : "&" + target.Name + Offset(inSymbol);

        static string Offset(long offset) => offset == 0 ? string.Empty : offset.ToString("+0;-0", CultureInfo.InvariantCulture);
    }

    /// <summary>An array of characters as a string; null when it is something else.</summary>
    private static string? Text(Atom atom, ulong size)
    {
        var bytes = atom.Bytes;
        if (bytes.IsEmpty || size > (ulong)bytes.Length)
        {
            return null;
        }

        bytes = bytes[..(int)size];
        var end = bytes.IndexOf((byte)0);
        if (end <= 0 || bytes[end..].ContainsAnyExcept((byte)0) || bytes[..end].ContainsAnyExceptInRange((byte)0x20, (byte)0x7e))
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(bytes[..Math.Min(end, LongestString)]);
        return end > LongestString ? $"\"{text}...\"" : $"\"{text}\"";
    }

    private static ulong? FirstDifference(Atom original, Atom patched)
    {
        var length = Math.Min(original.Size, patched.Size);
        ulong? found = null;
        if (!(original.Bytes.IsEmpty && patched.Bytes.IsEmpty))
        {
            for (ulong index = 0; index < length && found is null; index++)
            {
                found = Byte(original, index) != Byte(patched, index) ? index : null;
            }
        }

        var before = original.References.Select(static reference => (reference.Offset, Pointer(reference))).ToHashSet();
        before.SymmetricExceptWith(patched.References.Select(static reference => (reference.Offset, Pointer(reference))));
        foreach (var (offset, _) in before)
        {
            found = found is { } known ? Math.Min(known, offset) : offset;
        }

        return found;
    }

    private static byte Byte(Atom atom, ulong index) => atom.Bytes.IsEmpty ? (byte)0 : atom.Bytes[(int)index];

    private static bool HasReference(Atom atom, ulong offset) => atom.References.Any(reference => reference.Offset == offset);
}
