using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Module.Target;
using LivePatch.Proof;

namespace LivePatch.Pipeline.Passes;

/// <summary>The finished module against the objects as the compiler made them, by code that had no part in making it.</summary>
internal static class ProvePass
{
    /// <summary>Proves it, where that is not to be left out, and keeps the objects it is proved with, where that is asked for.</summary>
    /// <exception cref="DiagnosticException">The module does not do what the patched objects say.</exception>
    public static void Run(BuildRun run, byte[] finished, IReadOnlyList<PatchedPart> parts, TargetTables tables)
    {
        var used = parts.Where(static part => part.Extracted is not null).ToList();
        if (run.Options.ProofDirectory is { } directory)
        {
            ProofObjects.Write(directory, used.Select(static part => (part.Owner.Name, part.Path, part.Before.File, part.After.File)));
        }

        if (run.Options.SkipProof)
        {
            return;
        }

        // The files' parsed form is all that is taken over from the comparison.
        run.Progress.Stage("proving the module");
        using var module = ElfObject.Read(finished, run.ModuleName + ".ko");
        var proof = ModuleProof.Prove(
            module,
            [
                .. used.Select(static part =>
                    new ProofObject(part.Path, part.Owner.Name, part.Diff.Pair!.Original.Elf, part.Diff.Pair.Patched.Elf)),
            ],
            new ProvedTarget(tables));
        run.Result = run.Result with { Proof = proof };
        run.Diagnostics.AddRange(proof.Diagnostics);
        run.EndIfFatal();
    }
}
