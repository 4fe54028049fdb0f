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
}
