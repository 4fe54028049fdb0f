using LivePatch.Kernel.Architecture;
using LivePatch.Module.Extract;

namespace LivePatch.Module.Emit;

/// <summary>Everything the livepatch module's sources are made from.</summary>
/// <param name="ModuleName">Name of the module, "-" allowed: livepatch-meminfo-string.</param>
/// <param name="KernelRelease">Release it is for: 6.1.0-56.</param>
/// <param name="KernelVersionText">The kernel's banner, for people.</param>
/// <param name="Patches">File names of the patches.</param>
/// <param name="PatchSha256">SHA-256 of the patches' bytes one after the other, as hexadecimal.</param>
/// <param name="ToolVersion">Version of klp-build.</param>
/// <param name="Replace">klp_patch.replace: the module takes the place of all earlier livepatches.</param>
/// <param name="Objects">The extracted objects.</param>
/// <param name="Notes">What the user should know, from the diagnostics.</param>
public sealed record KlpManifest(
    string ModuleName,
    string KernelRelease,
    string KernelVersionText,
    IReadOnlyList<string> Patches,
    string PatchSha256,
    string ToolVersion,
    bool Replace,
    IReadOnlyList<ExtractedObject> Objects,
    IReadOnlyList<string> Notes)
{
    /// <summary>Whether patched modules can be loaded again.</summary>
    public TargetReload Reload { get; init; }

    /// <summary>How the livepatch takes addresses back where <see cref="Reload"/> says that it does.</summary>
    public LateRelocationReset? LateRelocationReset { get; init; }

    /// <summary>How the livepatch writes constants into its code, when there are any.</summary>
    public CodeWriting? CodeWriting { get; init; }

    /// <summary>The name the kernel shows: "-" written as "_".</summary>
    public string RuntimeName => ModuleName.Replace('-', '_');
}
