using System.Buffers.Binary;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Images.Compression;

namespace LivePatch.Kernel.Images;

/// <summary>
/// Finds the kernel proper in a bootable file.
/// </summary>
/// <remarks>
/// A boot header may say where its payload lies: that is taken when it is there. Other files are searched for the magics of the packing
/// formats, which finds chance hits too: a hit counts when it unpacks to an ELF file. Not the other way round, because a search through a
/// file with a header may hit the initramfs or firmware packed inside the payload's neighbours.
/// </remarks>
internal static class BootImage
{
    private const int MaximumAttempts = 24;

    /// <summary>True for a file with the boot header of a known machine.</summary>
    public static bool HasHeader(ReadOnlySpan<byte> file)
    {
        foreach (var architecture in Architectures.All)
        {
            if (architecture.Image.HasHeader(file))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Release and version as a boot header tells them, without unpacking anything; null when the file has none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static BannerInfo? TryReadVersion(string path)
    {
        using var file = File.OpenHandle(path);
        var buffer = new byte[Architectures.All.Max(static architecture => architecture.Image.HeaderLimit)];
        var length = RandomAccess.Read(file, buffer, 0);
        var texts = Architectures.All.Select(architecture => architecture.Image.VersionText(buffer.AsSpan(0, length)));
        return texts.FirstOrDefault(static text => text is not null) is { } told ? BannerInfo.TryParseBootHeader(told) : null;
    }

    /// <summary>Finds and unpacks the ELF file.</summary>
    /// <param name="file">The bootable file.</param>
    /// <param name="name">What diagnostics call it.</param>
    /// <param name="diagnostics">Receives why there is none (LP0221, LP0222, LP0223).</param>
    /// <returns>The ELF file's bytes, or null when a fatal diagnostic was added.</returns>
    public static ReadOnlyMemory<byte>? TryUnpack(ReadOnlyMemory<byte> file, string name, DiagnosticBag diagnostics)
    {
        foreach (var architecture in Architectures.All)
        {
            if (architecture.Image.Payload(file.Span) is (var start, var length))
            {
                return TryUnpackPayload(file, start, length, name, diagnostics);
            }
        }

        return TryScan(file, name, diagnostics);
    }

    private static ReadOnlyMemory<byte>? TryUnpackPayload(
        ReadOnlyMemory<byte> file, long start, long length, string name, DiagnosticBag diagnostics)
    {
        if (length < 8 || start + length > file.Length)
        {
            diagnostics.Add(KernelDiagnostics.PayloadCorrupt.At(
                DiagnosticLocation.AtOffset(name, (ulong)start),
                $"The setup header places the payload there with 0x{length:x} bytes, and the file has 0x{file.Length:x} bytes."));
            return null;
        }

        var payload = file.Slice((int)start, (int)length);
        var format = PayloadFormats.Detect(payload.Span);
        if (format == PayloadFormat.Elf)
        {
            return payload;
        }

        // Kbuild appends the unpacked size, its lowest byte first on every machine, to every format but gzip, which ends with it by itself
        // (scripts/Makefile.lib, size_append).
        var size = BinaryPrimitives.ReadUInt32LittleEndian(payload.Span[^4..]);
        var packed = format == PayloadFormat.Gzip ? payload : payload[..^4];
        var hint = (int)Math.Min(size, GrowingBuffer.Limit);
        if (Decompressor.TryUnpack(packed, format, hint, name, diagnostics) is not { } unpacked)
        {
            return null;
        }

        if ((uint)unpacked.Length != size)
        {
            diagnostics.Add(KernelDiagnostics.PayloadCorrupt.At(
                name, $"The payload unpacks to {unpacked.Length} bytes and should have {size}."));
            return null;
        }

        if (PayloadFormats.Detect(unpacked.Span) != PayloadFormat.Elf)
        {
            diagnostics.Add(KernelDiagnostics.NotKernelImage.At(name, "Its payload unpacks to something that is no ELF file."));
            return null;
        }

        return unpacked;
    }

    private static ReadOnlyMemory<byte>? TryScan(ReadOnlyMemory<byte> file, string name, DiagnosticBag diagnostics)
    {
        var attempts = 0;
        foreach (var (format, magic) in PayloadFormats.Scannable)
        {
            for (var at = 0; at < file.Length && attempts < MaximumAttempts;)
            {
                var found = file.Span[at..].IndexOf(magic);
                if (found < 0)
                {
                    break;
                }

                at += found;
                var candidate = file[at..];
                at++;
                if (PayloadFormats.Detect(candidate.Span) != format)
                {
                    continue;
                }

                attempts++;
                var ignored = new DiagnosticBag();
                if (Decompressor.TryUnpack(candidate, format, candidate.Length, name, ignored) is { } unpacked
                    && ElfObject.TryRead(unpacked, name, ignored) is not null)
                {
                    return unpacked;
                }

                diagnostics.AddRange(ignored.Where(static problem => problem.Id == KernelDiagnostics.DecompressorMissing.Id));
            }
        }

        if (!diagnostics.HasFatal)
        {
            diagnostics.Add(
                KernelDiagnostics.NotKernelImage.At(name, "It has no Linux boot header, and no packed ELF file was found in it."));
        }

        return null;
    }
}
