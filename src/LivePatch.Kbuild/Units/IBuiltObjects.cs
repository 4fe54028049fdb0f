namespace LivePatch.Kbuild.Units;

/// <summary>What the unpatched tree builds.</summary>
public interface IBuiltObjects
{
    /// <summary>The objects a source is compiled into: its own, those of other directories, and those of files that include it as text. Its
    /// own object when it is not built.</summary>
    IReadOnlyList<string> ObjectsOf(string source);

    /// <summary>Why the configuration builds nothing from an existing source, as a sentence; null when it builds something, or that shows
    /// only when it is compiled.</summary>
    string? WhyNotBuilt(string source);

    /// <summary>True when an object goes into a library archive (lib-y).</summary>
    bool IsLibrary(string objectPath);

    /// <summary>True when a source is compiled into an object of its own.</summary>
    bool IsBuilt(string source);
}
