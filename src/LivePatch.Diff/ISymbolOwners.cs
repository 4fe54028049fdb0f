namespace LivePatch.Diff;

/// <summary>Tells who defines the symbols an object leaves undefined.</summary>
public interface ISymbolOwners
{
    /// <summary>True when vmlinux defines the symbol, or when nothing is known and vmlinux is the likely owner.</summary>
    bool IsInVmlinux(string name);
}
