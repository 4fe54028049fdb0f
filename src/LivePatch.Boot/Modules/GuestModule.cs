namespace LivePatch.Boot.Modules;

/// <summary>A kernel module for the guest.</summary>
/// <param name="Name">Its name as the kernel knows it: underscores, no suffix.</param>
/// <param name="HostPath">Where it lies on the host.</param>
/// <param name="GuestPath">Where it lies in the guest, below its directory of modules.</param>
/// <param name="Content">The uncompressed <c>.ko</c>; null when the host's file goes into the guest as it is.</param>
internal sealed record GuestModule(string Name, string HostPath, string GuestPath, ReadOnlyMemory<byte>? Content)
{
    /// <summary>A module that is loaded in any case: unpacked here, as the emulated CPU would take longer.</summary>
    /// <param name="hostPath">Where it lies on the host.</param>
    /// <param name="guestPath">Its place below the directory of modules, with the suffix of the compressed file.</param>
    /// <param name="content">The uncompressed bytes.</param>
    public static GuestModule Unpacked(string hostPath, string guestPath, ReadOnlyMemory<byte> content)
    {
        var end = guestPath.LastIndexOf(".ko", StringComparison.Ordinal);
        return new GuestModule(Kernel.ModuleName.FromPath(hostPath), hostPath, end < 0 ? guestPath : guestPath[..(end + 3)], content);
    }
}
