using LivePatch.Kbuild.Database;

namespace LivePatch.Cli.Json;

/// <summary>An object of the kernel.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Source">What it is made from; null when make does not say.</param>
/// <param name="Directory">The directory whose makefile builds it.</param>
/// <param name="Owners">"vmlinux" and paths of modules; empty for boot code and the like.</param>
/// <param name="Library">True when it goes through a library archive.</param>
internal sealed record OwnedObjectJson(string Path, string? Source, string Directory, IReadOnlyList<string> Owners, bool Library)
{
    public static OwnedObjectJson From(KbuildObject item) =>
        new(item.Path, item.Source, item.Directory, [.. item.Owners.Select(static owner => owner.ToString())], item.IsLibrary);
}
