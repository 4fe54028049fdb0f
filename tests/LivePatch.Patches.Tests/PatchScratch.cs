using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using Xunit;

namespace LivePatch.Patches.Tests;

/// <summary>A small fake kernel tree in a temporary directory, and an overlay over it.</summary>
public sealed class PatchScratch : IDisposable
{
    private static readonly DateTime OldTime = new(2020, 2, 2, 0, 0, 0, DateTimeKind.Utc);

    public PatchScratch()
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("klp-patches-").FullName;
        Base = Path.Combine(Directory, "base");
        Add("fs/proc/meminfo.c", Numbered(40));
        Add("fs/proc/stat.c", Numbered(40));
        Add("fs/proc/Makefile", "obj-y += meminfo.o\n");
        Add("fs/proc/meminfo.o", "object");
        Add("fs/proc/.meminfo.o.cmd", "command");
        Add("fs/Makefile", "obj-y += proc/\n");
        Add("mm/slab.c", Numbered(20));
        Add("include/linux/a.h", "int a;\n");
        Add(".config", "CONFIG_A=y\n");
    }

    public string Directory { get; }

    public string Base { get; }

    public string OverlayPath => Path.Combine(Directory, "overlay");

    public DiagnosticBag Diagnostics { get; } = [];

    public static string Numbered(int lines) => string.Concat(Enumerable.Range(1, lines).Select(static line => $"line {line}\n"));

    /// <summary>A diff of one hunk that replaces a line of a file made by <see cref="Numbered"/>.</summary>
    public static string Change(string path, int line, string to) =>
        $"--- a/{path}\n+++ b/{path}\n@@ -{line - 3},7 +{line - 3},7 @@\n line {line - 3}\n line {line - 2}\n line {line - 1}\n-line "
            + $"{line}\n+{to}\n"
        + $" line {line + 1}\n line {line + 2}\n line {line + 3}\n";

    public void Add(string path, string text)
    {
        var file = Path.Combine(Base, path);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        File.SetLastWriteTimeUtc(file, OldTime);
    }

    public bool Exists(string path) => File.Exists(Path.Combine(Base, path));

    public PatchFile? TryParse(string text, string name = "test.patch") => TryParse(Encoding.UTF8.GetBytes(text), name);

    public PatchFile? TryParse(byte[] bytes, string name = "test.patch") => PatchFile.TryParse(name, bytes, Exists, Diagnostics);

    public PatchFile Parse(string text, string name = "test.patch")
    {
        var patch = TryParse(text, name);
        Assert.True(patch is not null, string.Join('\n', Diagnostics));
        return patch;
    }

    public Diagnostic Rejected(string text)
    {
        Assert.Null(TryParse(text));
        var diagnostic = Assert.Single(Diagnostics);
        Assert.True(diagnostic.IsFatal);
        Diagnostics.Clear();
        return diagnostic;
    }

    public PatchOverlay Overlay(params IEnumerable<PatchFile> patches) => PatchOverlay.Create(
        Base, OverlayPath, patches.SelectMany(static patch => patch.Files)
            .SelectMany(static file => new[] { file.OldPath, file.NewPath }), []);

    /// <summary>Applies with the real GNU patch; checks that the base is as it was.</summary>
    public async Task<IReadOnlyList<Diagnostic>> ApplyAsync(PatchOverlay overlay, params PatchFile[] patches)
    {
        if (!File.Exists("/usr/bin/patch"))
        {
            Assert.Skip("GNU patch is not installed");
        }

        var before = Snapshot();
        var diagnostics = await PatchApplier.ApplyAsync(overlay, patches, new ProcessRunner(), TestContext.Current.CancellationToken);
        Assert.Equal(before, Snapshot());
        Assert.Empty(System.IO.Directory.EnumerateFiles(Directory));
        return diagnostics;
    }

    /// <summary>Everything of the base: paths, times, and bytes.</summary>
    public List<string> Snapshot() =>
    [
        .. new DirectoryInfo(Base)
            .EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(
                static entry =>
                    $"{entry.FullName} {entry.LastWriteTimeUtc.Ticks} "
                        + $"{(entry is FileInfo file ? Convert.ToHexString(File.ReadAllBytes(file.FullName)) : "")}")
            .Order(StringComparer.Ordinal),
    ];

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
