using System.Numerics;
using System.Runtime.InteropServices;

namespace LivePatch.Core.IO;

/// <summary>
/// A 64-bit hash that notices damage in a cached file of some 60 MB in a few milliseconds. It is no protection against
/// an attacker, who could write to the cache anyway: four independent multiply-rotate lanes over 32-byte blocks, so
/// that the multiplications overlap.
/// </summary>
public static class ContentHash
{
    private const ulong Odd1 = 0x9e37_79b9_7f4a_7c15;
    private const ulong Odd2 = 0xbf58_476d_1ce4_e5b9;

    /// <summary>The hash of some bytes; that of another part as the seed goes on from there.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        ulong a = seed ^ Odd1, b = seed ^ Odd2, c = seed + Odd1, d = seed - Odd2;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes[..(bytes.Length & ~31)]);
        for (var at = 0; at + 3 < words.Length; at += 4)
        {
            a = BitOperations.RotateLeft(a ^ words[at], 29) * Odd1;
            b = BitOperations.RotateLeft(b ^ words[at + 1], 29) * Odd1;
            c = BitOperations.RotateLeft(c ^ words[at + 2], 29) * Odd1;
            d = BitOperations.RotateLeft(d ^ words[at + 3], 29) * Odd1;
        }

        var hash = Mix(Mix(Mix(Mix((ulong)bytes.Length, a), b), c), d);
        foreach (var last in bytes[(bytes.Length & ~31)..])
        {
            hash = Mix(hash, last);
        }

        return hash;
    }

    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * Odd2;
        return hash ^ (hash >> 31);
    }
}
