namespace LivePatch.Kernel.Architecture;

/// <summary>What an instruction does with an address it holds.</summary>
public enum AddressUse
{
    /// <summary>Cannot be told.</summary>
    Unknown,

    /// <summary>The target of a call or jump.</summary>
    Branch,

    /// <summary>What lies at the address is read or written, and nowhere else.</summary>
    Access,

    /// <summary>The address is added to registers: what is read or written, or computed, may lie behind it or before it.</summary>
    Indexed,

    /// <summary>The address itself is loaded, pushed or stored.</summary>
    Load,

    /// <summary>The address is compared with, or takes part in arithmetic: as bounds do.</summary>
    Bound,
}
