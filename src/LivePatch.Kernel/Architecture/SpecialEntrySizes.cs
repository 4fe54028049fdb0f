using System.Collections.Immutable;
using LivePatch.Kernel.Btf;

namespace LivePatch.Kernel.Architecture;

/// <summary>
/// The entry sizes of one kernel's special sections, read from its type information. Never a constant: they change
/// between versions (<c>alt_instr</c> has 12 bytes in 6.1 and 14 from 6.3 on) and with the configuration.
/// </summary>
public static class SpecialEntrySizes
{
    /// <summary>Sizes in bytes by structure name, for all structures the machine's special sections are made of. A
    /// structure the kernel's types do not have is missing: a probe compiled with the kernel's flags can tell it.</summary>
    /// <param name="btf">The kernel's types; null when it has none.</param>
    /// <param name="architecture">The machine.</param>
    public static ImmutableDictionary<string, int> FromBtf(BtfReader? btf, IArchitecture architecture)
    {
        var sizes = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (var name in StructNames(architecture))
        {
            if (btf?.SizeOfStruct(name) is { } size and > 0)
            {
                sizes[name] = size;
            }
        }

        return sizes.ToImmutable();
    }

    /// <summary>The kernel's names of the structures the machine's special sections are made of.</summary>
    public static IReadOnlyList<string> StructNames(IArchitecture architecture) =>
        [.. architecture.Tables.Catalog(ImmutableDictionary<string, int>.Empty).Sections
            .Select(static section => section.StructName)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)];
}
