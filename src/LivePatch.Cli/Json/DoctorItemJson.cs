namespace LivePatch.Cli.Json;

/// <summary>One thing a host needs.</summary>
internal sealed record DoctorItemJson(string Name, bool Present, string NeededFor, string Detail, string Command);
