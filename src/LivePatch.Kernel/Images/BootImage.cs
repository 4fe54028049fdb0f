using System.Buffers.Binary;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Images.Compression;

namespace LivePatch.Kernel.Images;

/// <summary>
/// Finds the kernel proper in a bootable file.
/// </summary>
/// <remarks>
/// A bzImage says in its setup header where its payload lies (Documentation/x86/boot.rst, Linux 6.1: protocol 2.08 and
/// newer): that is taken when it is there. Other files are searched for the magics of the packing formats, which finds
/// chance hits too: a hit counts when it unpacks to an ELF file. Not the other way round, because a search through a
/// bzImage may hit the initramfs or firmware packed inside the payload's neighbours.
/// </remarks>
internal static class BootImage
{
    private const int SetupSectorsAt = 0x1f1;
    private const int MagicAt = 0x202;
    private const int VersionAt = 0x206;
    private const int KernelVersionAt = 0x20e;
    private const int SetupHead = 0x200;
    private const int SetupLimit = 64 << 10;
    private const int PayloadOffsetAt = 0x248;
    private const int PayloadLengthAt = 0x24c;
    private const int SectorSize = 512;
    private const int MaximumAttempts = 24;

    /// <summary>True for a file with a Linux/x86 boot header.</summary>
    public static bool HasSetupHeader(ReadOnlySpan<byte> file) =>
        file.Length >= PayloadLengthAt + 4 && file[MagicAt..].StartsWith("HdrS"u8);

    /// <summary>
    /// Release and version as the setup header of a bzImage tells them, without unpacking anything; null when the file
    /// has none. (Documentation/x86/boot.rst, Linux 6.1, kernel_version: a text like
    /// <c>6.1.0-56-amd64 (builder@host) #1 SMP ...</c>.)
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static BannerInfo? TryReadVersion(string path)
    {
        using var file = File.OpenHandle(path);
        var buffer = new byte[SetupLimit];
        var bytes = buffer.AsSpan(0, RandomAccess.Read(file, buffer, 0));
        if (!HasSetupHeader(bytes))
        {
            return null;
        }

        var pointer = BinaryPrimitives.ReadUInt16LittleEndian(bytes[KernelVersionAt..]);
        if (pointer == 0 || pointer + SetupHead >= bytes.Length)
        {
            return null;
        }

        var text = bytes[(pointer + SetupHead)..];
        var end = text.IndexOf((byte)0);
        return end < 0 ? null : BannerInfo.TryParseBootHeader(System.Text.Encoding.Latin1.GetString(text[..end]));
    }

    /// <summary>Finds and unpacks the ELF file.</summary>
    /// <param name="file">The bootable file.</param>
    /// <param name="name">What diagnostics call it.</param>
    /// <param name="diagnostics">Receives why there is none (LP0221, LP0222, LP0223).</param>
    /// <returns>The ELF file's bytes, or null when a fatal diagnostic was added.</returns>
    public static ReadOnlyMemory<byte>? TryUnpack(ReadOnlyMemory<byte> file, string name, DiagnosticBag diagnostics)
    {
        var bytes = file.Span;
        if (HasSetupHeader(bytes) && BinaryPrimitives.ReadUInt16LittleEndian(bytes[VersionAt..]) >= 0x208)
        {
            return TryUnpackPayload(file, name, diagnostics);
        }

        return TryScan(file, name, diagnostics);
    }

    private static ReadOnlyMemory<byte>? TryUnpackPayload(ReadOnlyMemory<byte> file, string name, DiagnosticBag diagnostics)
    {
        var bytes = file.Span;
        var sectors = bytes[SetupSectorsAt] == 0 ? 4 : bytes[SetupSectorsAt];
        var start = ((sectors + 1L) * SectorSize) + BinaryPrimitives.ReadUInt32LittleEndian(bytes[PayloadOffsetAt..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[PayloadLengthAt..]);
        if (length < 8 || start + length > bytes.Length)
        {
            diagnostics.Add(KernelDiagnostics.PayloadCorrupt.At(
                DiagnosticLocation.AtOffset(name, (ulong)start),
                $"The setup header places the payload there with 0x{length:x} bytes, and the file has 0x{bytes.Length:x} bytes."));
            return null;
        }

        var payload = file.Slice((int)start, (int)length);
        var format = PayloadFormats.Detect(payload.Span);
        if (format == PayloadFormat.Elf)
        {
            return payload;
        }

        // Kbuild appends the unpacked size to every format but gzip, which ends with it by itself (scripts/Makefile.lib,
        // size_append).
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
            diagnostics.Add(KernelDiagnostics.NotKernelImage.At(name, "It has no Linux boot header, and no packed ELF file was found in it."));
        }

        return null;
    }
}
