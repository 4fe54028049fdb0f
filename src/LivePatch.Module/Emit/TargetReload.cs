namespace LivePatch.Module.Emit;

/// <summary>What makes it possible that a patched module is unloaded and loaded again under the livepatch.</summary>
public enum TargetReload
{
    /// <summary>Only vmlinux is patched.</summary>
    NoModule,

    /// <summary>The livepatch holds no address of the module.</summary>
    NothingToReset,

    /// <summary>The kernel takes the addresses out again.</summary>
    KernelResets,

    /// <summary>A callback of the livepatch takes them out.</summary>
    LivepatchResets,

    /// <summary>Nobody does, and the kernel refuses to load the module a second time.</summary>
    Impossible,
}
