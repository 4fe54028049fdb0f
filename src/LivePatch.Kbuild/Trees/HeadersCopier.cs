using LivePatch.Core.Diagnostics;

namespace LivePatch.Kbuild.Trees;

/// <summary>Copies what a kernel's build directory (the headers package) has and its source lacks: the configuration,
/// generated headers, and the programs Kbuild runs.</summary>
internal static class HeadersCopier
{
    /// <summary>Links are passed over: an O= directory has one to the whole source.</summary>
    private static readonly EnumerationOptions Below =
        new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    private static ReadOnlySpan<byte> ElfMagic => "\u007fELF"u8;

    public static void Copy(WorkTreeInputs inputs, string tree)
    {
        var headers = inputs.HeadersDirectory;
        foreach (var directory in (string[])["include/config", "include/generated", $"arch/{inputs.ArchitectureName}/include/generated"])
        {
            var source = Path.Combine(headers, directory);
            if (!Directory.Exists(source))
            {
                throw new DiagnosticException(
                    BuildDiagnostics.HeadersIncomplete.At(
                        headers, $"It has no {directory}, where the kernel's build leaves its configuration."));
            }

            CopyDirectory(source, Path.Combine(tree, directory), static _ => true);
        }

        // Programs only: scripts and sources are the source's own, of exactly its version.
        foreach (var directory in (string[])["scripts", "tools"])
        {
            CopyDirectory(Path.Combine(headers, directory), Path.Combine(tree, directory), IsProgram);
        }

        // A build of one's own has more: sources that were generated, for objects other than those of headers.
        if (inputs.BuiltAt is not null && headers != inputs.SourcePath)
        {
            CopyDirectory(headers, tree, path => IsGeneratedSource(Path.GetRelativePath(headers, path)));
        }

        File.Copy(inputs.ConfigPath, Path.Combine(tree, ".config"), overwrite: true);
        SetTimes(tree);
    }

    private static void CopyDirectory(string from, string to, Func<string, bool> wanted)
    {
        if (!Directory.Exists(from))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", Below))
        {
            if (!wanted(file))
            {
                continue;
            }

            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private static bool IsGeneratedSource(string path) =>
        Path.GetExtension(path) is ".c" or ".h" or ".S" or ".lds" && !path.EndsWith(".mod.c", StringComparison.Ordinal)
        && !Path.GetFileName(path).StartsWith('.');

    private static bool IsProgram(string path)
    {
        if ((File.GetUnixFileMode(path) & UnixFileMode.UserExecute) == 0)
        {
            return false;
        }

        using var file = File.OpenHandle(path);
        Span<byte> start = stackalloc byte[4];
        return RandomAccess.Read(file, start, 0) == 4 && start.SequenceEqual(ElfMagic);
    }

    /// <summary>Kbuild makes its configuration files again when .config is newer than they are, or their list of
    /// dependencies is missing (top Makefile, include/config/auto.conf; Linux 5.10 to 6.12).</summary>
    private static void SetTimes(string tree)
    {
        var now = DateTime.UtcNow;
        File.SetLastWriteTimeUtc(Path.Combine(tree, ".config"), now.AddMinutes(-2));
        var list = Path.Combine(tree, "include/config/auto.conf.cmd");
        if (!File.Exists(list))
        {
            File.WriteAllText(list, string.Empty);
        }

        foreach (var file in (string[])["include/config/auto.conf.cmd", "include/config/auto.conf", "include/generated/autoconf.h", "include/generated/rustc_cfg"])
        {
            var path = Path.Combine(tree, file);
            if (File.Exists(path))
            {
                File.SetLastWriteTimeUtc(path, now);
            }
        }
    }
}
