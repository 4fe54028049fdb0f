using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Btf;
using LivePatch.Kernel.Images.Compression;
using LivePatch.Kernel.Symbols;
using LivePatch.Kernel.Tracing;

namespace LivePatch.Kernel.Images;

/// <summary>
/// The image of the target kernel: a bootable file (<c>/boot/vmlinuz-RELEASE</c>) or a vmlinux with or without symbols.
/// What it holds is decoded at first use. Dispose it last: everything it gives refers to its bytes.
/// </summary>
public sealed class KernelImage : IDisposable
{
    private const int LongestBanner = 4096;

    private readonly Lazy<KernelSymbolTable> _symbols;
    private readonly Lazy<BtfReader?> _btf;
    private readonly Lazy<FtraceSites> _ftraceSites;

    private KernelImage(
        string path, ElfObject elf, IArchitecture architecture, string banner, BannerInfo info, IReadOnlyList<Diagnostic> warnings)
    {
        Path = path;
        Elf = elf;
        Architecture = architecture;
        Banner = banner;
        BannerInfo = info;
        Warnings = warnings;
        _symbols = new Lazy<KernelSymbolTable>(ReadSymbols);
        _btf = new Lazy<BtfReader?>(() => BtfReader.TryFind(Elf));
        _ftraceSites = new Lazy<FtraceSites>(() => FtraceSites.FromImage(Elf, Path, Symbols, Architecture));
    }

    /// <summary>The file as the user knows it.</summary>
    public string Path { get; }

    /// <summary>The unpacked kernel.</summary>
    public ElfObject Elf { get; }

    /// <summary>Its machine.</summary>
    public IArchitecture Architecture { get; }

    /// <summary>The whole "Linux version ..." text, without its line end.</summary>
    public string Banner { get; }

    /// <summary>The parts of the banner.</summary>
    public BannerInfo BannerInfo { get; }

    /// <summary>What did not go well and does not matter for the result (LP0228).</summary>
    public IReadOnlyList<Diagnostic> Warnings { get; }

    /// <summary>
    /// The kernel's symbols in its own order: decoded from kallsyms, with sizes and source files added where the file
    /// has a symbol table too; from that table alone when there is no kallsyms.
    /// </summary>
    /// <exception cref="DiagnosticException">The image has neither (LP0224).</exception>
    public KernelSymbolTable Symbols => _symbols.Value;

    /// <summary>The kernel's type information; null when it has none that can be read.</summary>
    public BtfReader? Btf => _btf.Value;

    /// <summary>The places ftrace can hook.</summary>
    /// <exception cref="DiagnosticException">They cannot be read (LP0224, LP0226).</exception>
    public FtraceSites FtraceSites => _ftraceSites.Value;

    /// <summary>Opens an image.</summary>
    /// <param name="path">A bootable image or an ELF file.</param>
    /// <param name="cacheDirectory">Where an unpacked image is kept for the next time; null to keep nothing.</param>
    /// <param name="diagnostics">Receives why it cannot be opened (LP0001, LP01xx, LP0202, LP0221, LP0222, LP0223, LP0225).</param>
    /// <returns>The image, or null when a fatal diagnostic was added.</returns>
    public static KernelImage? TryOpen(string path, string? cacheDirectory, DiagnosticBag diagnostics)
    {
        var warnings = new DiagnosticBag();
        if (TryReadElf(path, cacheDirectory, warnings, diagnostics) is not { } elf)
        {
            return null;
        }

        if (elf.Header.Type == ElfConstants.EtRel)
        {
            diagnostics.Add(KernelDiagnostics.NotKernelImage.At(path, "It is an object or a module, not a linked kernel."));
        }
        else if (Architectures.TryGet(elf, diagnostics) is { } architecture)
        {
            var banner = FindBanner(elf);
            if (banner is not null && BannerInfo.TryParse(banner) is { } info)
            {
                return new KernelImage(path, elf, architecture, banner, info, warnings);
            }

            diagnostics.Add(KernelDiagnostics.BannerMissing.At(
                path, banner is null ? "No text \"Linux version ...\" was found in it." : $"Its banner is not as expected: {banner}"));
        }

        elf.Dispose();
        return null;
    }

    /// <summary>Opens an image.</summary>
    /// <exception cref="DiagnosticException">It cannot be opened; carries the diagnostics.</exception>
    public static KernelImage Open(string path, string? cacheDirectory = null)
    {
        var diagnostics = new DiagnosticBag();
        return TryOpen(path, cacheDirectory, diagnostics) ?? throw new DiagnosticException(diagnostics);
    }

    /// <inheritdoc/>
    public void Dispose() => Elf.Dispose();

    private static ElfObject? TryReadElf(string path, string? cacheDirectory, DiagnosticBag warnings, DiagnosticBag diagnostics)
    {
        byte[] file;
        string? key;
        try
        {
            if (IsElf(path))
            {
                return ElfObject.TryRead(path, diagnostics);
            }

            key = FileKey.Of(path);
            if (cacheDirectory is not null && key is not null && UnpackedImageCache.TryLoad(cacheDirectory, key, path) is { } kept)
            {
                return kept;
            }

            file = File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(CoreDiagnostics.CannotRead.At(path, problem.Message));
            return null;
        }

        if (BootImage.TryUnpack(file, path, diagnostics) is not { } bytes || ElfObject.TryRead(bytes, path, diagnostics) is not { } elf)
        {
            return null;
        }

        if (cacheDirectory is not null && key is not null)
        {
            UnpackedImageCache.Store(cacheDirectory, key, bytes.Span, elf, warnings);
        }

        return elf;
    }

    private static bool IsElf(string path)
    {
        using var file = File.OpenHandle(path);
        Span<byte> head = stackalloc byte[4];
        return RandomAccess.Read(file, head, 0) == head.Length && PayloadFormats.Detect(head) == PayloadFormat.Elf;
    }

    /// <summary>
    /// The banner is a constant of the kernel (linux_banner); the other texts that start alike are format strings and
    /// go on with a percent sign. From 6.1 on there may be two: the one linked first has no build number yet
    /// (init/version.c), the final one has ("#1 SMP ...", init/version-timestamp.c), and is preferred.
    /// </summary>
    private static string? FindBanner(ElfObject elf)
    {
        var runs = new List<ReadOnlyMemory<byte>>();
        if (elf.FindSection(".rodata") is { } rodata)
        {
            runs.Add(rodata.Data);
        }

        runs.AddRange(elf.Segments.Where(static segment => segment.Type == 1).Select(static segment => segment.Data));
        foreach (var run in runs)
        {
            var banners = Banners(run);
            if (banners.Count > 0)
            {
                return banners.Find(static banner =>
                    BannerInfo.TryParse(banner)?.VersionText is ['#', >= '0' and <= '9', ..]) ?? banners[0];
            }
        }

        return null;
    }

    private static List<string> Banners(ReadOnlyMemory<byte> run)
    {
        var banners = new List<string>();
        var start = "Linux version "u8;
        var rest = run.Span;
        while (rest.IndexOf(start) is >= 0 and var at)
        {
            rest = rest[at..];
            var end = rest[..Math.Min(rest.Length, LongestBanner)].IndexOfAny((byte)'\n', (byte)0);
            if (rest.Length > start.Length && char.IsAsciiDigit((char)rest[start.Length]) && end > 0)
            {
                banners.Add(Encoding.Latin1.GetString(rest[..end]));
            }

            rest = rest[start.Length..];
        }

        return banners;
    }

    private KernelSymbolTable ReadSymbols()
    {
        var diagnostics = new DiagnosticBag();
        return KernelSymbolFile.TryFromKernel(Elf, diagnostics) ?? throw new DiagnosticException(diagnostics);
    }
}
