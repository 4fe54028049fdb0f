using System.Numerics;
using System.Runtime.CompilerServices;
using LivePatch.Elf.Native;

namespace LivePatch.Elf.Reading;

/// <summary>The section header table.</summary>
internal sealed partial class ElfReader
{
    private bool ReadSections()
    {
        if (_header.SectionHeaderOffset == 0)
        {
            return true;
        }

        if (!_span.TrySlice(_header.SectionHeaderOffset, (ulong)Unsafe.SizeOf<Elf64Shdr>(), "The first section header", out var first))
        {
            return false;
        }

        // With 65,280 sections or more the count and the name table's index do not fit the file header:
        // they stand in the null section's sh_size and sh_link (gABI, "Extended section numbering").
        var zero = ElfSpan.Structures<Elf64Shdr>(first.Span, _order)[0];
        var count = _header.SectionHeaderCount != 0 ? _header.SectionHeaderCount : zero.Size;
        var nameIndex = _header.SectionNameIndex != ElfConstants.ShnXindex ? _header.SectionNameIndex : zero.Link;
        if (count > (ulong)_bytes.Length / (ulong)Unsafe.SizeOf<Elf64Shdr>())
        {
            return Fail(ElfDiagnostics.OutOfBounds, $"The file claims {count} sections and has room for fewer.");
        }

        if (!_span.TrySlice(
            _header.SectionHeaderOffset, count * (ulong)Unsafe.SizeOf<Elf64Shdr>(), "The section header table", out var table))
        {
            return false;
        }

        _headers = ElfSpan.Structures<Elf64Shdr>(table.Span, _order).ToArray();
        if (nameIndex >= count)
        {
            return Fail(ElfDiagnostics.BadIndex, $"Section names are in section {nameIndex}, and there are {count} sections.");
        }

        if (!SectionBytes(nameIndex, "The section name table", out var nameBytes))
        {
            return false;
        }

        var names = new ElfStringTable(nameBytes, _name, _diagnostics);
        var backed = 0UL;
        _sections = new ElfSection[_headers.Length];
        for (var index = 0; index < _headers.Length; index++)
        {
            ref readonly var header = ref _headers[index];
            if (!names.TryGet(header.Name, index, "Section", out var name)
                || !SectionBytes((uint)index, name, out var data)
                || !CheckNumbers(header, name))
            {
                return false;
            }

            // Sections do not overlap (gABI, "Sections"). Were they allowed to, a small file could claim
            // the same bytes as a table many times over and have them all unpacked.
            backed += (ulong)data.Length;
            if (backed > (ulong)_bytes.Length)
            {
                return Fail(
                    ElfDiagnostics.BadTable,
                    name,
                    0,
                    $"The sections up to this one have more bytes than the file's 0x{_bytes.Length:x}, so they overlap.");
            }

            if ((header.Flags & ElfConstants.ShfCompressed) != 0 && (header.Flags & ElfConstants.ShfAlloc) != 0)
            {
                return Fail(ElfDiagnostics.Unsupported, name, 0, "The section is compressed.");
            }

            _sections[index] = new ElfSection(index, name, header, data, _order);
        }

        _nameTable = nameIndex == 0 ? null : _sections[nameIndex];
        return true;
    }

    /// <summary>Rejects the numbers later stages would compute with and no linker writes.</summary>
    private bool CheckNumbers(in Elf64Shdr header, string name)
    {
        if (header.Alignment > 1 && !BitOperations.IsPow2(header.Alignment))
        {
            return Fail(ElfDiagnostics.BadTable, name, 0, $"Its alignment 0x{header.Alignment:x} is not a power of two.");
        }

        return header.Type != ElfConstants.ShtNobits || header.Size <= int.MaxValue
            || Fail(ElfDiagnostics.BadTable, name, 0, $"It takes 0x{header.Size:x} bytes of memory, more than any kernel object.");
    }

    private bool SectionBytes(uint index, string name, out ReadOnlyMemory<byte> data)
    {
        ref readonly var header = ref _headers[index];
        data = default;
        return header.Type is ElfConstants.ShtNobits or ElfConstants.ShtNull
            || _span.TrySlice(header.Offset, header.Size, name, out data);
    }
}
