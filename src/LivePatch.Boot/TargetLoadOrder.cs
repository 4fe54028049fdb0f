namespace LivePatch.Boot;

/// <summary>When the guest loads the modules that the livepatch patches.</summary>
public enum TargetLoadOrder
{
    /// <summary>Before the livepatch: the usual case, all checks run.</summary>
    Before,

    /// <summary>After the livepatch: it must be applied to them as they arrive. The check before loading is left
    /// out, as what it looks at is not loaded yet; it runs at the end, when the patch is gone again.</summary>
    After,

    /// <summary>Not at all: the livepatch must load and unload without them. No check is run.</summary>
    Never,

    /// <summary>As <see cref="After"/>; then they are unloaded and loaded once more while the livepatch stays, and the check after
    /// loading runs again.</summary>
    Reload,

    /// <summary>In one boot, one after the other: never, after and before, the latter two with unloading and loading
    /// again while the livepatch stays.</summary>
    All,
}
