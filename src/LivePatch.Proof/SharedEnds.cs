using LivePatch.Elf;

namespace LivePatch.Proof;

/// <summary>
/// Addresses of one function that are the end of one variable and the start of the next.
///
/// The object names them by their section alone, so either may be meant. They are settled when the whole function has been read: an
/// address that is compared belongs to the variable whose beginning the function uses too, and so does one whose next variable the
/// function uses nowhere else. What that does not settle may be either, and is right when the module's address is one of both.
/// </summary>
internal sealed class SharedEnds
{
    private readonly List<(Use Use, ElfSection Section, ulong Boundary, ulong Before, bool FitsEnd, bool FitsStart,
        string Module)> _shared = [];
    private readonly Dictionary<(ElfSection Section, ulong Start), int> _used = [];

    /// <summary>Records that a variable is used by an address that is clearly its own.</summary>
    public void Clear(ElfSection section, ulong start) => _used[(section, start)] = _used.GetValueOrDefault((section, start)) + 1;

    /// <summary>Records an address that may belong to either.</summary>
    public void Shared(in Use use, ElfSection section, ulong boundary, ulong before, bool fitsEnd, bool fitsStart, string module) =>
        _shared.Add((use, section, boundary, before, fitsEnd, fitsStart, module));

    /// <summary>The addresses that lead to the wrong one of both.</summary>
    public IEnumerable<(Use Use, string Object, string Module)> Wrong()
    {
        foreach (var item in _shared)
        {
            var usesBefore = _used.ContainsKey((item.Section, item.Before));
            var usesNext = _used.ContainsKey((item.Section, item.Boundary));
            if (usesBefore && !usesNext && !item.FitsEnd)
            {
                yield return (item.Use, $"the end of what begins at {item.Section.Name}+0x{item.Before:x}", item.Module);
            }
            else if (!usesBefore && usesNext && !item.FitsStart)
            {
                yield return (item.Use, $"what begins at {item.Section.Name}+0x{item.Boundary:x}", item.Module);
            }
        }
    }
}
