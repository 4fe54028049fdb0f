using LivePatch.Elf;
using LivePatch.Module.Extract;
using LivePatch.Module.Target;
using LivePatch.Proof;

namespace LivePatch.Pipeline;

/// <summary>The last pass: the finished module against the objects as the compiler made them.</summary>
public sealed partial class PatchBuildPipeline
{
    private bool Prove(
        byte[] finished,
        string moduleName,
        IReadOnlyList<PatchedPart> parts,
        List<ObjectComparison> comparisons,
        IReadOnlyList<ExtractedObject> objects,
        TargetTables tables,
        PatchBuildOptions options)
    {
        var used = parts.Zip(comparisons)
            .Where(item => objects.Any(found => found.SourceObject == item.Second.Path && found.ObjectName == item.Second.Owner.Name))
                .ToList();
        if (options.ProofDirectory is { } directory)
        {
            ProofObjects.Write(directory, used.Select(static item =>
                (item.Second.Owner.Name, item.Second.Path, item.First.Before.File, item.First.After.File)));
        }

        if (options.SkipProof)
        {
            return true;
        }

        // The files' parsed form is all that is taken over from the comparison.
        _progress.Stage("proving the module");
        using var module = ElfObject.Read(finished, moduleName + ".ko");
        var proof = ModuleProof.Prove(
            module,
            [.. used.Select(static item => new ProofObject(item.Second.Path, item.Second.Owner.Name, item.Second.Diff.Pair!.Original.Elf,
                item.Second.Diff.Pair.Patched.Elf))],
            new ProvedTarget(tables));
        _result = _result with { Proof = proof };
        _diagnostics.AddRange(proof.Diagnostics);
        return proof.IsProved;
    }
}
