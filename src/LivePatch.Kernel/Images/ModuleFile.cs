using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Images.Compression;

namespace LivePatch.Kernel.Images;

/// <summary>Module files as installed: <c>.ko</c>, or packed as <c>.ko.xz</c>, <c>.ko.zst</c>, <c>.ko.gz</c>.</summary>
public static class ModuleFile
{
    /// <summary>The bytes of a module, as insmod takes them whatever the kernel can unpack by itself.</summary>
    /// <param name="path">The file.</param>
    /// <param name="diagnostics">Receives why it cannot be read (LP0001, LP0222).</param>
    /// <returns>The bytes, or null when a fatal diagnostic was added.</returns>
    public static ReadOnlyMemory<byte>? TryUnpack(string path, DiagnosticBag diagnostics)
    {
        try
        {
            ReadOnlyMemory<byte> bytes = File.ReadAllBytes(path);
            var format = PayloadFormats.Detect(bytes.Span);
            if (format is PayloadFormat.Elf or PayloadFormat.Unknown)
            {
                return bytes;
            }

            // gzip's beginning alone unpacks to nothing, without a word.
            var unpacked = Decompressor.TryUnpack(bytes, format, bytes.Length * 4, path, diagnostics);
            if (unpacked is { IsEmpty: true })
            {
                diagnostics.Add(KernelDiagnostics.PayloadCorrupt.At(path, "It unpacks to nothing."));
                return null;
            }

            return unpacked;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(CoreDiagnostics.CannotRead.At(path, problem.Message));
            return null;
        }
    }

    /// <summary>Reads a module; one that is not packed is mapped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="diagnostics">Receives why it cannot be read (LP0001, LP01xx, LP0222).</param>
    /// <returns>The module, or null when a fatal diagnostic was added.</returns>
    public static ElfObject? TryRead(string path, DiagnosticBag diagnostics)
    {
        try
        {
            var head = new byte[16];
            using (var file = File.OpenHandle(path))
            {
                RandomAccess.Read(file, head, 0);
            }

            var format = PayloadFormats.Detect(head);
            if (format is PayloadFormat.Elf or PayloadFormat.Unknown)
            {
                return ElfObject.TryRead(path, diagnostics);
            }

            var packed = File.ReadAllBytes(path);
            return Decompressor.TryUnpack(packed, format, packed.Length * 4, path, diagnostics) is { } unpacked
                ? ElfObject.TryRead(unpacked, path, diagnostics)
                : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(CoreDiagnostics.CannotRead.At(path, problem.Message));
            return null;
        }
    }
}
