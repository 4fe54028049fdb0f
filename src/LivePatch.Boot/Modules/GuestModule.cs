namespace LivePatch.Boot.Modules;

/// <summary>A kernel module for the guest.</summary>
/// <param name="Name">Its name as the kernel knows it: underscores, no suffix.</param>
/// <param name="Content">The uncompressed <c>.ko</c>.</param>
internal sealed record GuestModule(string Name, ReadOnlyMemory<byte> Content);
