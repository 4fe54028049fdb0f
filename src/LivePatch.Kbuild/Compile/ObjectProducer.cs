using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel.Targets;

namespace LivePatch.Kbuild.Compile;

/// <summary>
/// Tells from an object which compiler made it. A wrapper may have compiled it on another machine (distcc, icecc), where
/// the same name can be another version; asking --version here does not show that. Compilers write their name and
/// version into .comment, and an object without it says nothing.
/// </summary>
public static class ObjectProducer
{
    /// <summary>Checks one object.</summary>
    /// <exception cref="DiagnosticException">Another compiler made it (LP0360).</exception>
    public static void Check(string file, string objectPath, Toolchain toolchain)
    {
        using var elf = ElfObject.Read(file, objectPath);
        foreach (var producer in Of(elf))
        {
            if (!TargetKernelChecks.IsProducer(producer, toolchain.VersionText))
            {
                throw new DiagnosticException(BuildDiagnostics.OtherProducer.At(
                    objectPath, $"It was compiled by '{producer}', and '{toolchain.Command}' says of itself '{toolchain.VersionText}'."));
            }
        }
    }

    private static IEnumerable<string> Of(ElfObject elf) =>
        elf.Sections.Where(static section => section.Name == ".comment")
            .SelectMany(static section => Encoding.UTF8.GetString(section.Data.Span).Split('\0', StringSplitOptions.RemoveEmptyEntries));
}
