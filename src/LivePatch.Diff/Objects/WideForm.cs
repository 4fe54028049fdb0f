using LivePatch.Kernel.Architecture;

namespace LivePatch.Diff.Objects;

/// <summary>
/// A function as it would be if all its branches to other functions had the long form.
///
/// In a section that several functions share the assembler takes the short form where the other function is near. When another
/// function between them grows, the form changes although this one did not. So what is compared is this form, in which
/// branches inside the function are longer by as much as lies between them and their target. It is for comparing only: what is
/// copied keeps its bytes, because tables elsewhere may hold distances inside it.
/// </summary>
public sealed class WideForm
{
    private readonly ulong[] _starts;
    private readonly ulong[] _moved;

    private WideForm(byte[] bytes, IReadOnlyList<Reference> references, ulong[] starts, ulong[] moved)
    {
        Bytes = bytes;
        References = references;
        _starts = starts;
        _moved = moved;
    }

    /// <summary>The bytes in this form.</summary>
    public byte[] Bytes { get; }

    /// <summary>The references, with their offsets in this form.</summary>
    public IReadOnlyList<Reference> References { get; }

    /// <summary>Where a byte of the function is in this form.</summary>
    public long Map(long offset)
    {
        var index = Array.BinarySearch(_starts, (ulong)Math.Max(offset, 0));
        index = index < 0 ? ~index - 1 : index;
        return offset < 0 ? offset : (long)_moved[index] + (offset - (long)_starts[index]);
    }

    /// <summary>The form of some code; null when it cannot be decoded, or a branch has no long form.</summary>
    internal static WideForm? Make(ReadOnlySpan<byte> code, IReadOnlyList<Reference> references, IArchitecture architecture)
    {
        var ends = architecture.Instructions.Ends(code);
        if (ends.Length == 0 || ends[^1] != (ulong)code.Length)
        {
            return null;
        }

        // An end is the next one's start; the last is the end of the code.
        ulong[] starts = [0, .. ends];
        var fields = new PcRelativeField?[ends.Length];
        var outside = references.ToDictionary(static reference => reference.Offset, static reference => reference.IsShort);
        var isWide = new bool[ends.Length];
        for (var index = 0; index < ends.Length; index++)
        {
            var instruction = code[(int)starts[index]..(int)ends[index]];
            if (architecture.Branches.Field(instruction) is not { } field)
            {
                continue;
            }

            if (!outside.TryGetValue(starts[index] + (ulong)field.Offset, out var isShort))
            {
                fields[index] = field;
            }
            else if (isShort)
            {
                if (architecture.Branches.LongForm(instruction).IsEmpty)
                {
                    return null;
                }

                isWide[index] = true;
            }
        }

        return Lay(code, references, architecture, starts, fields, isWide);
    }

    private static WideForm? Lay(
        ReadOnlySpan<byte> code, IReadOnlyList<Reference> references, IArchitecture architecture, ulong[] starts, PcRelativeField?[] fields,
        bool[] isWide)
    {
        while (true)
        {
            var moved = new ulong[starts.Length];
            for (var index = 0; index < isWide.Length; index++)
            {
                var length = starts[index + 1] - starts[index];
                moved[index + 1] = moved[index] + (isWide[index]
                    ? (ulong)architecture.Branches.LongForm(code[(int)starts[index]..(int)starts[index + 1]]).Length
                    : length);
            }

            var offsets = new ulong[references.Count];
            for (var index = 0; index < offsets.Length; index++)
            {
                offsets[index] = NewOffset(references[index], code, architecture.Branches, starts, moved, isWide);
            }

            var form = new WideForm(
                new byte[moved[^1]], [
                    .. references.Select((reference, index) => reference with { Offset = offsets[index] })], starts, moved);
            switch (form.Fill(code, architecture, fields, isWide))
            {
                case true:
                    return form;
                case null:
                    return null;
            }
        }
    }

    private static ulong NewOffset(
        in Reference reference, ReadOnlySpan<byte> code, IBranches branches, ulong[] starts, ulong[] moved, bool[] isWide)
    {
        var index = Array.BinarySearch(starts, reference.Offset);
        index = index < 0 ? ~index - 1 : index;
        return index < isWide.Length && isWide[index]
                && branches.Field(branches.LongForm(code[(int)starts[index]..(int)starts[index + 1]])) is { } field
            ? moved[index] + (ulong)field.Offset
            : moved[index] + (reference.Offset - starts[index]);
    }

    /// <summary>Writes the code; false when another branch must be long, null when it has no long form.</summary>
    private bool? Fill(ReadOnlySpan<byte> code, IArchitecture architecture, PcRelativeField?[] fields, bool[] isWide)
    {
        for (var index = 0; index < isWide.Length; index++)
        {
            var instruction = code[(int)_starts[index]..(int)_starts[index + 1]];
            var place = Bytes.AsSpan((int)_moved[index], (int)(_moved[index + 1] - _moved[index]));
            if (isWide[index])
            {
                architecture.Branches.LongForm(instruction).CopyTo(place);
            }
            else
            {
                instruction.CopyTo(place);
            }

            if (fields[index] is not { } field)
            {
                continue;
            }

            var target = Map((long)_starts[index] + field.Target) - (long)_moved[index];
            if ((isWide[index] ? architecture.Branches.Field(place) : field) is { } now
                && architecture.Branches.TryLead(place, now, target))
            {
                continue;
            }

            if (isWide[index] || architecture.Branches.LongForm(instruction).IsEmpty)
            {
                return null;
            }

            isWide[index] = true;
            return false;
        }

        return true;
    }
}
