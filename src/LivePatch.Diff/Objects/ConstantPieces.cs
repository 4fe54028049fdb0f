namespace LivePatch.Diff.Objects;

/// <summary>
/// Where in a section of nameless constants one ends and the next begins.
///
/// gcc puts all string literals with a zero inside into one .rodata without symbols. To replace only the functions whose literal
/// changed it must be known what belongs to which. A place whose address is taken begins a literal; but it may as well be the
/// middle of one that another function uses from its beginning. So it only counts where what lies before it and behind it could each
/// be such a literal: a zero inside and one at the end, since other strings go to other sections. Everything else stays whole, and
/// whoever uses it is replaced when any of it changes.
/// </summary>
internal sealed class ConstantPieces
{
    private readonly long[] _starts;
    private readonly long _end;

    private ConstantPieces(long[] starts, long end)
    {
        _starts = starts;
        _end = end;
    }

    /// <summary>The piece that holds a byte; null outside.</summary>
    public (long Start, long End)? Find(long offset)
    {
        var index = Array.BinarySearch(_starts, offset);
        index = index < 0 ? ~index - 1 : index;
        return index < 0 || offset >= _end ? null : (_starts[index], index + 1 < _starts.Length ? _starts[index + 1] : _end);
    }

    /// <summary>Cuts constants at the places whose address is taken.</summary>
    public static ConstantPieces Cut(ReadOnlySpan<byte> bytes, IEnumerable<long> taken)
    {
        var starts = new List<long> { 0 };
        foreach (var place in taken.Where(static place => place > 0).Distinct().Order())
        {
            if (place < bytes.Length && IsOwnLiteral(bytes[(int)starts[^1]..(int)place]))
            {
                starts.Add(place);
            }
        }

        while (starts.Count > 1 && !IsOwnLiteral(bytes[(int)starts[^1]..]))
        {
            starts.RemoveAt(starts.Count - 1);
        }

        return new ConstantPieces([.. starts], bytes.Length);
    }

    /// <summary>Text with a zero inside and at the end, and perhaps zeros up to the next one's alignment.</summary>
    private static bool IsOwnLiteral(ReadOnlySpan<byte> bytes)
    {
        var last = bytes.LastIndexOfAnyExcept((byte)0);
        return last >= 0 && last < bytes.Length - 1 && bytes[..last].Contains((byte)0);
    }
}
