namespace LivePatch.Kernel.Architecture;

/// <summary>The machines the tool knows.</summary>
public static class Architectures
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IArchitecture> All { get; } = [X64Architecture.Instance];

    /// <summary>The machine of an e_machine value; null when it is not supported.</summary>
    public static IArchitecture? Find(ushort machine) => All.FirstOrDefault(candidate => candidate.Machine == machine);
}
