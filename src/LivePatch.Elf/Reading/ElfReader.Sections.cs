using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        var zero = MemoryMarshal.Read<Elf64Shdr>(first.Span);
        var count = _header.SectionHeaderCount != 0 ? _header.SectionHeaderCount : zero.Size;
        var nameIndex = _header.SectionNameIndex != ElfConstants.ShnXindex ? _header.SectionNameIndex : zero.Link;
        if (count > (ulong)_bytes.Length / (ulong)Unsafe.SizeOf<Elf64Shdr>())
        {
            return Fail(ElfDiagnostics.OutOfBounds, $"The file claims {count} sections and has room for fewer.");
        }

        if (!_span.TrySlice(_header.SectionHeaderOffset, count * (ulong)Unsafe.SizeOf<Elf64Shdr>(), "The section header table", out var table))
        {
            return false;
        }

        _headers = MemoryMarshal.Cast<byte, Elf64Shdr>(table.Span).ToArray();
        if (nameIndex >= count)
        {
            return Fail(ElfDiagnostics.BadIndex, $"Section names are in section {nameIndex}, and there are {count} sections.");
        }

        if (!SectionBytes(nameIndex, "The section name table", out var names))
        {
            return false;
        }

        _sections = new ElfSection[_headers.Length];
        for (var index = 0; index < _headers.Length; index++)
        {
            ref readonly var header = ref _headers[index];
            if (!_span.TryString(names.Span, header.Name, $"Section {index}", out var name)
                || !SectionBytes((uint)index, $"Section {name}", out var data))
            {
                return false;
            }

            if ((header.Flags & ElfConstants.ShfCompressed) != 0 && (header.Flags & ElfConstants.ShfAlloc) != 0)
            {
                return Fail(ElfDiagnostics.Unsupported, name, 0, "The section is compressed.");
            }

            _sections[index] = new ElfSection(index, name, header, data);
        }

        return true;
    }

    private bool SectionBytes(uint index, string what, out ReadOnlyMemory<byte> data)
    {
        ref readonly var header = ref _headers[index];
        data = default;
        return header.Type is ElfConstants.ShtNobits or ElfConstants.ShtNull
            || _span.TrySlice(header.Offset, header.Size, what, out data);
    }
}
