namespace LivePatch.Cli.Json;

/// <summary>The result of 'klp-build doctor --json'.</summary>
internal sealed record DoctorJson(bool CanBuild, bool CanVerify, string? Release, IReadOnlyList<DoctorItemJson> Items);
