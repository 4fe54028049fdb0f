using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kbuild.Compile;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Images;
using LivePatch.Module.Shipped;

namespace LivePatch.Pipeline.OutOfTree;

/// <summary>Which of the modules given an object belongs to, and whether that module really holds it.</summary>
internal sealed class ModuleOwnership(IReadOnlyList<GivenModule> modules, IArchitecture architecture)
{
    /// <summary>The object must be part of exactly one module, and of one whose file was given.</summary>
    /// <exception cref="DiagnosticException">It is not (LP0363, LP0364, LP0366).</exception>
    public void CheckOwner(CompiledObject original)
    {
        var source = Path.ChangeExtension(original.Path, ".c");
        if (!original.Command.IsModule)
        {
            throw new DiagnosticException(
                OutOfTreeDiagnostics.NotInModule.At(source, $"No module that the directory's makefiles build is made of {original.Path}."));
        }

        // Kbuild joins the modules of an object with colons (scripts/Makefile.lib, modname and modfile; Linux 6.1).
        if ((original.Command.ModuleName ?? original.Command.ModuleFile)?.Split(':') is { Length: > 1 } several)
        {
            throw new DiagnosticException(OutOfTreeDiagnostics.SharedObject.At(
                source,
                $"{original.Path} is linked into {string.Join(" and ", several.Select(static file => Path.GetFileName(file) + ".ko"))}."));
        }

        if (Of(original) is null)
        {
            throw new DiagnosticException(OutOfTreeDiagnostics.ModuleNotGiven.At(
                source,
                $"{original.Path} goes into {original.Owners[0].Name}.ko; given {(modules.Count == 1 ? "is" : "are")} "
                    + $"{string.Join(", ", modules.Select(static module => module.Path))}."));
        }
    }

    /// <summary>The module must hold the object as the source compiles.</summary>
    /// <exception cref="DiagnosticException">It does not (LP0365), or cannot be read.</exception>
    public void CheckCode(CompiledObject original, CompiledObject shipped)
    {
        var diagnostics = new DiagnosticBag();
        using var module = ModuleFile.TryRead(Of(original)!.Path, diagnostics) ?? throw new DiagnosticException(diagnostics);
        using var elf = ElfObject.Read(shipped.File, original.Path);
        if (new ShippedCodeCheck(elf, module, architecture).Find(original.Path) is { } finding)
        {
            throw new DiagnosticException(finding);
        }
    }

    private GivenModule? Of(CompiledObject original)
    {
        var owner = original.Owners[0];
        return owner.IsVmlinux ? null : modules.FirstOrDefault(module => module.Name == owner.Name);
    }
}
