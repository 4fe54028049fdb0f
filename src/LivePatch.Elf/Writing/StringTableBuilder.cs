using System.Text;

namespace LivePatch.Elf.Writing;

/// <summary>A string table: every distinct string once, in the order first asked for, so that output is stable.</summary>
internal sealed class StringTableBuilder
{
    private readonly List<byte> _bytes = [0];
    private readonly Dictionary<string, uint> _offsets = new(StringComparer.Ordinal) { [string.Empty] = 0 };

    public uint Add(string text)
    {
        if (_offsets.TryGetValue(text, out var offset))
        {
            return offset;
        }

        offset = (uint)_bytes.Count;
        _bytes.AddRange(Encoding.Latin1.GetBytes(text));
        _bytes.Add(0);
        _offsets.Add(text, offset);
        return offset;
    }

    public byte[] ToArray() => [.. _bytes];
}
