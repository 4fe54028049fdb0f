using System.Text;

namespace LivePatch.Boot.Initramfs;

/// <summary>
/// Puts the guest's file system together. It is not compressed: QEMU hands it over at memory speed, while the
/// emulated CPU would take longer to unpack it.
/// </summary>
internal static class InitramfsBuilder
{
    private static readonly string[] MountPoints = ["proc", "sys", "dev", "tmp", "run", "root", "etc", "mnt", "sbin", "usr"];

    /// <summary>Writes the archive.</summary>
    public static void Write(InitramfsContent content, Stream target)
    {
        var archive = new CpioArchive(target);
        foreach (var directory in MountPoints)
        {
            archive.AddDirectory(directory);
        }

        // The kernel opens /dev/console for init before anything is mounted.
        archive.AddCharacterDevice("dev/console", 5, 1);
        archive.AddCharacterDevice("dev/null", 1, 3);
        archive.AddFile("bin/busybox", File.ReadAllBytes(content.Busybox), executable: true);
        archive.AddFile("init", Encoding.UTF8.GetBytes(content.InitScript), executable: true);
        archive.AddFile("sbin/modprobe", Encoding.UTF8.GetBytes(content.Modprobe), executable: true);
        archive.AddFile("verify/settings", Encoding.UTF8.GetBytes(content.Settings));
        archive.AddFile("verify/livepatch.ko", content.LivepatchModule.Span);
        foreach (var (name, script) in content.Scripts)
        {
            archive.AddFile($"verify/{name}.sh", script.Span, executable: true);
        }

        foreach (var module in content.Modules)
        {
            archive.AddFile(
                $"lib/modules/{content.Release}/{module.GuestPath}",
                module.Content is { } unpacked ? unpacked.Span : File.ReadAllBytes(module.HostPath));
        }

        foreach (var (path, text) in content.ModuleIndex)
        {
            archive.AddFile(path, Encoding.UTF8.GetBytes(text));
        }

        foreach (var (file, bytes) in content.ExtraFiles)
        {
            archive.AddFile(file.GuestPath, bytes.Span, file.Executable);
        }

        archive.Finish();
    }
}
