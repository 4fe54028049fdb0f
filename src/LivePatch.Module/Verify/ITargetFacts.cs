using LivePatch.Kernel.Special;

namespace LivePatch.Module.Verify;

/// <summary>What checking a finished module asks of the target kernel.</summary>
public interface ITargetFacts
{
    /// <summary>The release: 6.1.0-56.</summary>
    string Release { get; }

    /// <summary>True when vmlinux or a module exports the symbol.</summary>
    bool IsExported(string name);

    /// <summary>How many symbols of that name an object has, counted as the kernel counts; null when the object is unknown.</summary>
    int? Occurrences(string objectName, string name);

    /// <summary>False when name and position mean another symbol, or none, once the object is loaded than while it is loading.</summary>
    bool IsSteady(string objectName, string name, uint sympos);

    /// <summary>Special tables with the target's entry sizes.</summary>
    SpecialSectionCatalog Catalog { get; }

    /// <summary>Whether ftrace can redirect a function; null when the object is unknown.</summary>
    bool? IsTraceable(string objectName, string name, uint sympos);
}
