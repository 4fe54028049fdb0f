using LivePatch.Kernel;

namespace LivePatch.Boot.Modules;

/// <summary>
/// Which modules lie ready in the guest, so that the kernel gets what it asks for itself (request_module, kernel/module/kmod.c): the
/// cipher for a file system, the table for a firewall's rule, the protocol for a socket.
///
/// What it may ask for is not written down anywhere. But drivers are loaded for devices, by aliases that begin with a bus and a colon
/// ("pci:"), and that is udev's doing, which the guest has not. So all but the drivers are taken, and of these what has another
/// alias ("md-raid6", "char-major-10-234") or none in a directory whose modules are asked for by name ("dm-crypt").
/// It is some hundred megabytes where modules are shipped unpacked and without debug information.
///
/// Limits: a driver that is asked for by its bare name is not there; modules of a kernel built with debug information may be
/// too large, then the smaller ones are taken.
/// </summary>
internal static class OnDemandModules
{
    // request_module("dm-%s"), ("scsi_dh_%s"), ("target_core_file") and the like.
    private static readonly string[] NamedDrivers = ["drivers/md/", "drivers/block/", "drivers/scsi/", "drivers/target/"];

    /// <summary>Bytes of the host's files that go into the guest at most.</summary>
    public const long Limit = 256L << 20;

    /// <summary>Names of the modules, with all they need, by the sizes of their files.</summary>
    /// <param name="dependencies">The kernel's modules.</param>
    /// <param name="sizeOf">Size of a module's file by its path in the index; null when it is not there.</param>
    public static IReadOnlyList<string> Choose(ModuleDependencies dependencies, Func<string, long?> sizeOf)
    {
        var named =
            dependencies.Aliases.Where(static alias => !alias.Pattern.Contains(':', StringComparison.Ordinal))
                .Select(static alias => alias.Module)
            .ToHashSet(StringComparer.Ordinal);
        var ofBus =
            dependencies.Aliases.Where(static alias => alias.Pattern.Contains(':', StringComparison.Ordinal))
                .Select(static alias => alias.Module)
            .ToHashSet(StringComparer.Ordinal);
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in dependencies.Names.Where(
            name => named.Contains(name) || IsAskedByName(dependencies.PathOf(name)!, ofBus.Contains(name))))
        {
            foreach (var step in dependencies.LoadSequence(name) ?? [])
            {
                if (sizeOf(step.Path) is { } size)
                {
                    sizes.TryAdd(ModuleName.FromPath(step.Path), size);
                }
            }
        }

        var result = new List<string>();
        long total = 0;
        foreach (var (name, size) in sizes.OrderBy(static entry => entry.Value).ThenBy(static entry => entry.Key, StringComparer.Ordinal))
        {
            total += size;
            if (total > Limit)
            {
                break;
            }

            result.Add(name);
        }

        return result;
    }

    // "kernel/drivers/..." where modules are installed, "drivers/..." in the tree they were built in.
    private static bool IsAskedByName(string path, bool isOfBus)
    {
        var inTree = path.StartsWith("kernel/", StringComparison.Ordinal) ? path["kernel/".Length..] : path;
        return !(inTree.StartsWith("drivers/", StringComparison.Ordinal) || inTree.StartsWith("sound/", StringComparison.Ordinal))
            || (!isOfBus && Array.Exists(NamedDrivers, directory => inTree.StartsWith(directory, StringComparison.Ordinal)));
    }
}
