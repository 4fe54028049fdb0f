using System.Security.Cryptography;
using LivePatch.Kernel.Targets;
using LivePatch.Module;
using LivePatch.Module.Emit;
using LivePatch.Module.Extract;
using LivePatch.Module.Target;
using LivePatch.Patches;

namespace LivePatch.Pipeline.Passes;

/// <summary>Writes down what the module consists of.</summary>
internal static class ManifestPass
{
    /// <summary>Writes it down.</summary>
    public static KlpManifest Run(
        BuildRun run, TargetKernel target, TargetTables tables, IReadOnlyList<PatchFile> patches, IReadOnlyList<PatchedPart> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var patch in patches)
        {
            hash.AppendData(patch.Bytes.Span);
        }

        var objects = parts.Select(static part => part.Extracted).OfType<ExtractedObject>().ToList();
        var reload = tables.ReloadOf(objects);
        if (reload == TargetReload.Impossible)
        {
            run.Diagnostics.Add(ModuleDiagnostics.ReloadImpossible.Anywhere(
                "The target kernel never takes a module's addresses out of a livepatch, and has nothing the livepatch could do it with."));
        }

        return new KlpManifest(
            run.ModuleName,
            target.Release,
            tables.Banner,
            [.. run.Options.Patches.Select(static path => Path.GetFileName(path))],
            Convert.ToHexStringLower(hash.GetHashAndReset()),
            typeof(ManifestPass).Assembly.GetName().Version?.ToString(3) ?? "0",
            run.Options.Replace,
            objects,
            [])
        {
            Reload = reload,
            CodeWriting = tables.Architecture.ModuleCode.Writing,
            LateRelocationReset = tables.Architecture.ModuleCode.LateRelocationReset,
        };
    }
}
