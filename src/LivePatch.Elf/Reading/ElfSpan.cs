using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Elf.Reading;

/// <summary>Overflow-safe access to a file's bytes: every offset and size comes from the file and is not to be trusted.</summary>
internal readonly struct ElfSpan(ReadOnlyMemory<byte> bytes, string name, DiagnosticBag diagnostics)
{
    /// <summary>Cuts a range out, or reports that it lies outside.</summary>
    public bool TrySlice(ulong offset, ulong size, string what, out ReadOnlyMemory<byte> slice)
    {
        var length = (ulong)bytes.Length;
        if (offset > length || size > length - offset)
        {
            diagnostics.Add(ElfDiagnostics.OutOfBounds.At(
                DiagnosticLocation.AtOffset(name, offset),
                $"{what} lies at 0x{offset:x} with 0x{size:x} bytes, and the file has 0x{length:x} bytes."));
            slice = default;
            return false;
        }

        slice = bytes.Slice((int)offset, (int)size);
        return true;
    }

    /// <summary>Reads the array of structures a table holds; its size must be a multiple of the structure's.</summary>
    public bool TryTable<T>(ReadOnlyMemory<byte> table, ulong entrySize, string what, out ReadOnlySpan<T> entries)
        where T : unmanaged
    {
        entries = default;
        if (entrySize != (ulong)Unsafe.SizeOf<T>() || table.Length % Unsafe.SizeOf<T>() != 0)
        {
            diagnostics.Add(ElfDiagnostics.BadTable.At(
                name, $"{what} has entries of {entrySize} bytes and 0x{table.Length:x} bytes in all; its entries are {Unsafe.SizeOf<T>()} bytes."));
            return false;
        }

        entries = MemoryMarshal.Cast<byte, T>(table.Span);
        return true;
    }

    /// <summary>The NUL-terminated string at an offset of a string table; reports offsets outside and missing terminators.</summary>
    public bool TryString(ReadOnlySpan<byte> table, uint offset, string what, [NotNullWhen(true)] out string? text)
    {
        if (offset == 0 && table.Length == 0)
        {
            text = string.Empty;
            return true;
        }

        text = null;
        if (offset >= (uint)table.Length)
        {
            diagnostics.Add(ElfDiagnostics.BadIndex.At(
                name, $"{what} is named at 0x{offset:x} of a string table of 0x{table.Length:x} bytes."));
            return false;
        }

        var rest = table[(int)offset..];
        var end = rest.IndexOf((byte)0);
        if (end < 0)
        {
            diagnostics.Add(ElfDiagnostics.BadTable.At(name, $"{what} has a name without an end."));
            return false;
        }

        // Latin-1 keeps every byte, so hostile names round-trip; kernel names are ASCII.
        text = System.Text.Encoding.Latin1.GetString(rest[..end]);
        return true;
    }
}
