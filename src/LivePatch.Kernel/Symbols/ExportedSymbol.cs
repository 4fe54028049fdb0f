namespace LivePatch.Kernel.Symbols;

/// <summary>One line of <c>Module.symvers</c>.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="Crc">Its CONFIG_MODVERSIONS checksum; 0 without that option.</param>
/// <param name="Owner"><c>vmlinux</c>, or the run-time name of the module that exports it.</param>
/// <param name="Namespace">Its symbol namespace; empty when it has none.</param>
/// <param name="IsGplOnly">True for EXPORT_SYMBOL_GPL.</param>
public sealed record ExportedSymbol(string Name, uint Crc, string Owner, string Namespace, bool IsGplOnly)
{
    /// <summary>True when the kernel image itself exports it.</summary>
    public bool IsFromVmlinux => Owner == ModuleName.Vmlinux;
}
