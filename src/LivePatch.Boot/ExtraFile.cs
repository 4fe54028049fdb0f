namespace LivePatch.Boot;

/// <summary>A file of the host that the check scripts need.</summary>
/// <param name="HostPath">Where it lies.</param>
/// <param name="GuestPath">Absolute path in the guest; its directories are made.</param>
/// <param name="Executable">Whether the guest may run it.</param>
public sealed record ExtraFile(string HostPath, string GuestPath, bool Executable = false);
