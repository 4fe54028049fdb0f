using ELFSharp.ELF;
using ELFSharp.ELF.Sections;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using Xunit;

namespace LivePatch.TestSupport;

/// <summary>
/// The same file read by our reader and by ELFSharp, a library that shares nothing with it, and compared: sections, symbols, notes.
///
/// ELFSharp has limits of its own, which are left out of the comparison and of nothing else. It does not read relocations (their
/// bytes are compared as contents), and it gives the special section indexes above SHN_LORESERVE as they stand, so that of
/// symbols with one of these only the raw index is compared. Of a note section it shows the first note.
/// </summary>
public static class SecondReader
{
    /// <summary>What the readers see differently, a line each.</summary>
    /// <param name="bytes">A whole ELF64 file that our reader accepts.</param>
    /// <param name="name">What our reader calls it in its messages.</param>
    public static IReadOnlyList<string> Differences(byte[] bytes, string name)
    {
        using var ours = ElfObject.Read(bytes, name);
        return Differences(ours, bytes);
    }

    /// <summary>What our reader's view and the library's view of these bytes have in difference.</summary>
    /// <param name="ours">A file as our reader sees it.</param>
    /// <param name="bytes">What the library reads: the same file.</param>
    public static IReadOnlyList<string> Differences(ElfObject ours, byte[] bytes)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        using var theirs = ELFReader.Load<ulong>(stream, shouldOwnStream: false);
        var differences = new List<string>();
        Compare(differences, "type", ours.Header.Type, (ushort)theirs.Type);
        Compare(differences, "machine", ours.Header.Machine, (ushort)theirs.Machine);
        Compare(differences, "number of sections", ours.Sections.Count, theirs.Sections.Count);
        foreach (var (one, other) in ours.Sections.Zip(theirs.Sections).Skip(1))
        {
            var what = $"section {one.Index} {one.Name}";
            Compare(differences, what + ": name", one.Name, other.Name);
            Compare(differences, what + ": type", one.Type, (uint)other.Type);
            Compare(differences, what + ": flags", one.Flags, other.RawFlags);
            Compare(differences, what + ": address", one.Address, other.LoadAddress);
            Compare(differences, what + ": offset", one.Offset, other.Offset);
            Compare(differences, what + ": size", one.Size, other.Size);
            Compare(differences, what + ": alignment", one.Alignment, other.Alignment);
            Compare(differences, what + ": entry size", one.EntrySize, other.EntrySize);
            if (one.Type != ElfConstants.ShtNobits && !one.Data.Span.SequenceEqual(other.GetContents()))
            {
                differences.Add(what + ": contents");
            }

            if (other is INoteSection note)
            {
                CompareNotes(differences, what, one, note);
            }
        }

        CompareSymbols(differences, ours, theirs);
        return differences;
    }

    /// <summary>Fails the running test when the readers see anything differently.</summary>
    public static void Accept(byte[] bytes, string name) => Assert.Empty(Differences(bytes, name));

    private static void CompareSymbols(List<string> differences, ElfObject ours, ELF<ulong> theirs)
    {
        var tables = theirs.GetSections<SymbolTable<ulong>>().Where(static table => table.Type == SectionType.SymbolTable).ToArray();
        Compare(differences, "number of symbol tables", ours.SymbolTable is null ? 0 : 1, tables.Length);
        if (tables is not [var table])
        {
            return;
        }

        var entries = table.Entries.ToArray();
        Compare(differences, "number of symbols", ours.Symbols.Count, entries.Length);
        foreach (var (one, other) in ours.Symbols.Zip(entries))
        {
            var what = $"symbol {one.Index} {one.DisplayName}";
            Compare(differences, what + ": name", one.Name, other.Name ?? string.Empty);
            Compare(differences, what + ": value", one.Value, other.Value);
            Compare(differences, what + ": size", one.Size, other.Size);
            Compare(differences, what + ": binding", (int)one.Binding, (int)other.Binding);
            Compare(differences, what + ": type", (int)one.Type, (int)other.Type);
            Compare(differences, what + ": visibility", one.Other & 3, (int)other.Visibility);
            Compare(differences, what + ": section index", one.RawSectionIndex, other.PointedSectionIndex);
        }
    }

    /// <summary>The first note by hand: three words, then name and description, each filled up to four bytes.</summary>
    private static void CompareNotes(List<string> differences, string what, ElfSection section, INoteSection note)
    {
        var data = section.Data.Span;
        if (data.Length < 12)
        {
            return;
        }

        var nameSize = BitConverter.ToInt32(data);
        var descriptionSize = BitConverter.ToInt32(data[4..]);
        var name = System.Text.Encoding.ASCII.GetString(data.Slice(12, nameSize)).TrimEnd('\0');
        Compare(differences, what + ": name of the note", name, note.NoteName);
        if (!data.Slice(12 + ((nameSize + 3) & ~3), descriptionSize).SequenceEqual(note.Description))
        {
            differences.Add(what + ": description of the note");
        }
    }

    private static void Compare<T>(List<string> differences, string what, T ours, T theirs)
    {
        if (!EqualityComparer<T>.Default.Equals(ours, theirs))
        {
            differences.Add($"{what}: {ours} here, {theirs} there");
        }
    }
}
