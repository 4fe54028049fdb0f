using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf.Native;

namespace LivePatch.Elf.Reading;

/// <summary>
/// Turns bytes into the tables of an object, one by one: header, sections, symbols, relocations, groups.
/// Every field is checked before it is used; nothing is allocated by a size that the file has not backed with bytes.
/// </summary>
internal sealed partial class ElfReader
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string _name;
    private readonly DiagnosticBag _diagnostics;
    private readonly ElfSpan _span;
    private ElfByteOrder _order;

    private Elf64Ehdr _header;
    private Elf64Shdr[] _headers = [];
    private ElfSection[] _sections = [];
    private ElfSymbol[] _symbols = [];
    private ElfSection? _symbolTable;
    private ElfSection? _nameTable;

    private ElfReader(ReadOnlyMemory<byte> bytes, string name, DiagnosticBag diagnostics)
    {
        _bytes = bytes;
        _name = name;
        _diagnostics = diagnostics;
        _span = new ElfSpan(bytes, name, diagnostics);
    }

    public static ElfTables? TryReadFile(string path, string name, DiagnosticBag diagnostics)
    {
        MappedFile file;
        try
        {
            file = MappedFile.Open(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            diagnostics.Add(CoreDiagnostics.CannotRead.At(name, problem.Message));
            return null;
        }

        var result = TryRead(file.Memory, name, file, diagnostics);
        if (result is null)
        {
            ((IDisposable)file).Dispose();
        }

        return result;
    }

    public static ElfTables? TryRead(ReadOnlyMemory<byte> bytes, string name, IDisposable? mapping, DiagnosticBag diagnostics)
    {
        var reader = new ElfReader(bytes, name, diagnostics);
        if (!reader.ReadHeader()
            || !reader.ReadSegments(out var segments)
            || !reader.ReadSections()
            || !reader.ReadSymbols()
            || !reader.ReadRelocations()
            || !reader.ReadGroups())
        {
            return null;
        }

        var header = new ElfHeader(
            reader._header.Ident[7],
            reader._header.Ident[8],
            reader._header.Type,
            reader._header.Machine,
            reader._header.Entry,
            reader._header.Flags,
            reader._header.ProgramHeaderCount)
        { Order = reader._order };
        return new ElfTables(name, header, reader._sections, reader._symbols, segments, reader._symbolTable, reader._nameTable, mapping);
    }

    private bool ReadHeader()
    {
        if (_bytes.Length < Unsafe.SizeOf<Elf64Ehdr>())
        {
            return Fail(ElfDiagnostics.NotElf, $"The file has {_bytes.Length} bytes, fewer than an ELF header.");
        }

        _header = MemoryMarshal.Read<Elf64Ehdr>(_bytes.Span);
        ReadOnlySpan<byte> ident = _header.Ident;
        if (!ident.StartsWith("\u007fELF"u8))
        {
            return Fail(ElfDiagnostics.NotElf, "The file does not start with the ELF magic.");
        }

        if (ident[4] != ElfConstants.ElfClass64
            || ident[5] is not (ElfConstants.ElfData2Lsb or ElfConstants.ElfData2Msb) || ident[6] != ElfConstants.EvCurrent)
        {
            return Fail(
                ElfDiagnostics.NotElf,
                $"The file has ELF class {ident[4]}, byte order {ident[5]}, version {ident[6]}; only 64-bit files of version 1 are read.");
        }

        _order = new ElfByteOrder(ident[5] == ElfConstants.ElfData2Msb);
        if (_order.IsForeign)
        {
            _header.Swap();
        }

        if (_header.SectionHeaderOffset != 0 && _header.SectionHeaderSize != Unsafe.SizeOf<Elf64Shdr>())
        {
            return Fail(
                ElfDiagnostics.BadTable,
                $"Section headers have {_header.SectionHeaderSize} bytes instead of {Unsafe.SizeOf<Elf64Shdr>()}.");
        }

        return true;
    }

    private bool ReadSegments(out IReadOnlyList<ElfSegment> segments)
    {
        segments = [];
        if (_header.ProgramHeaderCount == 0)
        {
            return true;
        }

        var count = _header.ProgramHeaderCount;
        if (_header.ProgramHeaderSize != Unsafe.SizeOf<Elf64Phdr>())
        {
            return Fail(
                ElfDiagnostics.BadTable,
                $"Program headers have {_header.ProgramHeaderSize} bytes instead of {Unsafe.SizeOf<Elf64Phdr>()}.");
        }

        if (!_span.TrySlice(
            _header.ProgramHeaderOffset, (ulong)count * _header.ProgramHeaderSize, "The program header table", out var table))
        {
            return false;
        }

        var result = new List<ElfSegment>(count);
        foreach (ref readonly var entry in ElfSpan.Structures<Elf64Phdr>(table.Span, _order))
        {
            if (!_span.TrySlice(entry.Offset, entry.FileSize, "A segment", out var data))
            {
                return false;
            }

            result.Add(new ElfSegment(entry.Type, entry.VirtualAddress, data, entry.MemorySize));
        }

        segments = result;
        return true;
    }

    private bool Fail(DiagnosticDescriptor descriptor, string text)
    {
        _diagnostics.Add(descriptor.At(_name, text));
        return false;
    }

    private bool Fail(DiagnosticDescriptor descriptor, string section, ulong offset, string text)
    {
        _diagnostics.Add(descriptor.At(DiagnosticLocation.InSection(_name, section, offset), text));
        return false;
    }
}
