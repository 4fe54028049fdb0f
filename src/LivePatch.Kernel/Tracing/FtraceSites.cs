using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Symbols;

namespace LivePatch.Kernel.Tracing;

/// <summary>
/// The call sites ftrace can hook in a kernel image: <c>__start_mcount_loc</c> to <c>__stop_mcount_loc</c>, an array
/// of addresses (include/asm-generic/vmlinux.lds.h, Linux 6.1). A function without one cannot be replaced.
/// </summary>
public sealed class FtraceSites
{
    private const string Start = "__start_mcount_loc";
    private const string Stop = "__stop_mcount_loc";
    private const int EntryStart = 16;

    private readonly ulong[] _addresses;
    private readonly ElfObject _elf;
    private readonly IArchitecture _architecture;

    private FtraceSites(ulong[] addresses, ElfObject elf, IArchitecture architecture)
    {
        _addresses = addresses;
        _elf = elf;
        _architecture = architecture;
    }

    /// <summary>Link addresses, ascending.</summary>
    public IReadOnlyList<ulong> Addresses => _addresses;

    /// <summary>True when a site lies at exactly that address.</summary>
    public bool Contains(ulong address) => Array.BinarySearch(_addresses, address) >= 0;

    /// <summary>True when the function at that address can be replaced: its site is at its entry, behind the landing
    /// pad when it begins with one.</summary>
    /// <param name="functionAddress">Link address of the function's symbol.</param>
    public bool IsTraceable(ulong functionAddress) => SiteOf(functionAddress) is not null;

    /// <summary>The site of the function at that address; null when it has none.</summary>
    /// <param name="functionAddress">Link address of the function's symbol.</param>
    public ulong? SiteOf(ulong functionAddress)
    {
        var start = _elf.ReadAddress(functionAddress, EntryStart);
        var site = functionAddress + (ulong)_architecture.Entry.SiteOffset(start.Span);
        return Contains(site) ? site : null;
    }

    /// <summary>Reads the sites of an image.</summary>
    /// <param name="elf">The linked kernel.</param>
    /// <param name="path">Its file as the user knows it.</param>
    /// <param name="symbols">Its symbols.</param>
    /// <param name="architecture">Its machine.</param>
    /// <exception cref="DiagnosticException">The image has none that can be read (LP0224, LP0226).</exception>
    public static FtraceSites FromImage(ElfObject elf, string path, KernelSymbolTable symbols, IArchitecture architecture)
    {
        var (start, stop) = (symbols.Find(Start), symbols.Find(Stop));
        if (start.Count != 1 || stop.Count != 1 || stop[0].Address < start[0].Address)
        {
            throw Failure(path, $"It has no list of them ({Start}, {Stop}).");
        }

        var length = stop[0].Address - start[0].Address;
        var bytes = length <= int.MaxValue ? elf.ReadAddress(start[0].Address, (int)length).Span : default;
        if (bytes.IsEmpty || length % 8 != 0)
        {
            throw Failure(path, $"The list is at 0x{start[0].Address:x} with 0x{length:x} bytes, which the image does not hold.");
        }

        var addresses = new List<ulong>(bytes.Length / 8);
        for (; !bytes.IsEmpty; bytes = bytes[8..])
        {
            // Newer kernels clear the entries of functions that were dropped or are weak and overridden.
            var address = elf.Header.Order.ReadUInt64(bytes);
            if (address != 0)
            {
                addresses.Add(address);
            }
        }

        if (!addresses.TrueForAll(address => address >= architecture.Image.LowestAddress))
        {
            throw Failure(path, "The list holds values that are no addresses of the kernel.");
        }

        addresses.Sort();
        return new FtraceSites([.. addresses], elf, architecture);
    }

    private static DiagnosticException Failure(string path, string why) =>
        new(KernelDiagnostics.FtraceSitesMissing.At(path, why));
}
