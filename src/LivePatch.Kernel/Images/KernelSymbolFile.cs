using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Images.Compression;
using LivePatch.Kernel.Kallsyms;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Kernel.Images;

/// <summary>Symbol tables from whatever file the user has.</summary>
public static class KernelSymbolFile
{
    private const int HeadSize = 1024;

    /// <summary>
    /// Reads the symbols of a file, told by its content: a bootable kernel image, a vmlinux, a module or object (also
    /// packed with xz, zstd or gzip), or the text of <c>nm</c>, <c>System.map</c> or <c>readelf -sW</c>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="diagnostics">Receives why it cannot be read (LP0001, LP01xx, LP0211, LP0221 to LP0224).</param>
    /// <returns>The table, or null when a fatal diagnostic was added.</returns>
    public static KernelSymbolTable? TryLoad(string path, DiagnosticBag diagnostics)
    {
        try
        {
            var head = ReadHead(path);
            if (BootImage.HasHeader(head))
            {
                return BootImage.TryUnpack(File.ReadAllBytes(path), path, diagnostics) is { } kernel
                    ? FromFile(ElfObject.TryRead(kernel, path, diagnostics), diagnostics)
                    : null;
            }

            var format = PayloadFormats.Detect(head);
            if (format == PayloadFormat.Elf)
            {
                return FromFile(ElfObject.TryRead(path, diagnostics), diagnostics);
            }

            if (format != PayloadFormat.Unknown)
            {
                var packed = File.ReadAllBytes(path);
                return Decompressor.TryUnpack(packed, format, packed.Length, path, diagnostics) is { } unpacked
                    ? FromFile(ElfObject.TryRead(unpacked, path, diagnostics), diagnostics)
                    : null;
            }

            using var text = new StreamReader(path, System.Text.Encoding.Latin1);
            return KernelSymbolTable.TryParseText(path, text, diagnostics);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(CoreDiagnostics.CannotRead.At(path, problem.Message));
            return null;
        }
    }

    /// <summary>
    /// Reads the symbols of a linked kernel: from its kallsyms, with sizes and source files added where it has a symbol
    /// table too; from that table alone when there is no kallsyms.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="diagnostics">Receives that it has neither (LP0224).</param>
    /// <returns>The table, or null when a fatal diagnostic was added.</returns>
    public static KernelSymbolTable? TryFromKernel(ElfObject kernel, DiagnosticBag diagnostics)
    {
        var reasons = new DiagnosticBag();
        var symbols = KallsymsDecoder.TryDecode(kernel, reasons);
        if (kernel.SymbolTable is not null)
        {
            var listed = KernelSymbolTable.FromVmlinux(kernel);
            return symbols is null ? listed : KernelSymbolTable.FromOrdered(kernel.Name, AddDetails(symbols, listed), isLinked: true);
        }

        if (symbols is null)
        {
            diagnostics.AddRange(reasons);
            return null;
        }

        return KernelSymbolTable.FromOrdered(kernel.Name, symbols, isLinked: true);
    }

    private static KernelSymbolTable? FromFile(ElfObject? elf, DiagnosticBag diagnostics)
    {
        using (elf)
        {
            return elf switch
            {
                null => null,
                { Header.Type: ElfConstants.EtRel } => KernelSymbolTable.FromModule(elf),
                _ => TryFromKernel(elf, diagnostics),
            };
        }
    }

    private static KernelSymbol[] AddDetails(KernelSymbol[] symbols, KernelSymbolTable listed)
    {
        for (var index = 0; index < symbols.Length; index++)
        {
            var symbol = symbols[index];
            var details = listed.Find(symbol.Name).FirstOrDefault(candidate => candidate.Address == symbol.Address);
            symbols[index] = symbol with { Size = details.Size, FileName = details.FileName };
        }

        return symbols;
    }

    private static byte[] ReadHead(string path)
    {
        using var file = File.OpenHandle(path);
        var head = new byte[HeadSize];
        return head[..RandomAccess.Read(file, head, 0)];
    }
}
