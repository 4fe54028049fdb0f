namespace LivePatch.Diff;

/// <summary>Tells who defines the symbols an object leaves undefined.</summary>
public interface ISymbolOwners
{
    /// <summary>True when vmlinux defines the symbol, or when nothing is known and vmlinux is the likely owner.</summary>
    bool IsInVmlinux(string name);

    /// <summary>The object that defines the symbol in memory that is read-only once it is up; null when it may be written, or when
    /// nothing is known.</summary>
    /// <param name="objectName">"vmlinux" or the module whose code refers to it.</param>
    /// <param name="name">The symbol, one the code's object leaves undefined.</param>
    string? ReadOnlyOwner(string objectName, string name) => null;
}
