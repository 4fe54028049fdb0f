namespace LivePatch.Kernel.Images.Compression;

/// <summary>Collects a stream of unknown length. It grows with the bytes that really come, so that a size claimed by
/// hostile input reserves nothing, and stops at a limit.</summary>
internal sealed class GrowingBuffer(int hint)
{
    /// <summary>No kernel unpacks to more: 1 GiB.</summary>
    public const int Limit = 1 << 30;

    private const int HintLimit = 128 << 20;

    private byte[] _bytes = new byte[Math.Clamp(hint, 4096, HintLimit)];
    private int _length;

    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, _length);

    /// <summary>Reads to the end.</summary>
    /// <exception cref="InvalidDataException">There is more than <see cref="Limit"/>.</exception>
    public void ReadAll(Stream stream)
    {
        while (true)
        {
            var read = stream.Read(Space(1));
            if (read == 0)
            {
                return;
            }

            _length += read;
        }
    }

    /// <summary>At least that many bytes to write to; <see cref="Advance"/> says how many were.</summary>
    /// <exception cref="InvalidDataException">There would be more than <see cref="Limit"/>.</exception>
    public Span<byte> Space(int atLeast)
    {
        if (_bytes.Length - _length < atLeast)
        {
            if (_length > Limit - atLeast)
            {
                throw new InvalidDataException("it unpacks to more than 1 GiB");
            }

            Array.Resize(ref _bytes, (int)Math.Min(Limit, Math.Max((long)_bytes.Length * 2, (long)_length + atLeast)));
        }

        return _bytes.AsSpan(_length);
    }

    public void Advance(int count) => _length += count;
}
