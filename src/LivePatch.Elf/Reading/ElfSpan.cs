using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf.Native;

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
    public bool TryTable<T>(ReadOnlyMemory<byte> table, ulong entrySize, string what, ElfByteOrder order, out ReadOnlySpan<T> entries)
        where T : unmanaged, IElfStructure
    {
        entries = default;
        if (entrySize != (ulong)Unsafe.SizeOf<T>() || table.Length % Unsafe.SizeOf<T>() != 0)
        {
            diagnostics.Add(ElfDiagnostics.BadTable.At(
                name,
                $"{what} has entries of {entrySize} bytes and 0x{table.Length:x} bytes in all; its entries are {Unsafe.SizeOf<T>()} "
                    + $"bytes."));
            return false;
        }

        entries = Structures<T>(table.Span, order);
        return true;
    }

    /// <summary>Bytes as structures: where they lie, unless their fields must be turned round.</summary>
    public static ReadOnlySpan<T> Structures<T>(ReadOnlySpan<byte> bytes, ElfByteOrder order)
        where T : unmanaged, IElfStructure
    {
        var entries = MemoryMarshal.Cast<byte, T>(bytes);
        if (!order.IsForeign)
        {
            return entries;
        }

        var turned = entries.ToArray();
        foreach (ref var entry in turned.AsSpan())
        {
            entry.Swap();
        }

        return turned;
    }
}
