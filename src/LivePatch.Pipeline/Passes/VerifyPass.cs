using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Module.PostLink;
using LivePatch.Module.Target;
using LivePatch.Module.Verify;

namespace LivePatch.Pipeline.Passes;

/// <summary>Gives the linked module its livepatch sections, reads the result again, and trusts nothing that was known before.</summary>
internal static class VerifyPass
{
    /// <summary>Finishes and checks it.</summary>
    /// <returns>The finished module.</returns>
    /// <exception cref="DiagnosticException">It is not what it must be (LP06xx, LP07xx).</exception>
    public static byte[] Run(BuildRun run, string linked, TargetTables tables)
    {
        run.Progress.Stage("checking the module");
        using var elf = ElfObject.Read(linked, Path.GetFileName(linked));
        var bytes = PostLinker.TryConvert(elf, run.Diagnostics) ?? throw run.Failure();
        using var finished = ElfObject.Read(bytes, Path.GetFileName(linked));
        run.Diagnostics.AddRange(ModuleVerifier.Verify(finished, tables, tables.Architecture));
        run.EndIfFatal();
        return bytes;
    }
}
