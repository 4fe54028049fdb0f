using System.Diagnostics.CodeAnalysis;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Kernel.Architecture;

/// <summary>The machines the tool knows.</summary>
public static class Architectures
{
    /// <summary>x86-64.</summary>
    public static IArchitecture X64 { get; } = new X64Architecture();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IArchitecture> All { get; private set; } = [X64];

    /// <summary>Makes another machine known, as tests do.</summary>
    internal static void Add(IArchitecture architecture) => All = [.. All, architecture];

    /// <summary>The architecture of an ELF machine number; false when it is none of ours.</summary>
    public static bool TryGet(ushort machine, [NotNullWhen(true)] out IArchitecture? architecture)
    {
        architecture = All.FirstOrDefault(candidate => candidate.Machine == machine);
        return architecture is not null;
    }

    /// <summary>The architecture of an ELF file; null, with LP0202 reported, when it is none of ours.</summary>
    public static IArchitecture? TryGet(ElfObject elf, DiagnosticBag diagnostics)
    {
        if (TryGet(elf.Header.Machine, out var architecture))
        {
            return architecture;
        }

        diagnostics.Add(KernelDiagnostics.UnknownMachine.At(
            elf.Name,
            $"The file is for ELF machine {elf.Header.Machine}; known are "
                + $"{string.Join(", ", All.Select(static known => $"{known.Name} ({known.Machine})"))}."));
        return null;
    }
}
