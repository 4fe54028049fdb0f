using System.Security.Cryptography;
using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.Processes;
using LivePatch.Core.Progress;

namespace LivePatch.Kbuild.Trees;

/// <summary>
/// Makes the work tree of a kernel: its source with everything a single object's compile needs, without building any of it.
///
/// "make prepare" takes a minute and needs flex, bison and libelf, to make what the headers package already has: the
/// configuration as make and C read it, generated headers, objtool, fixdep, modpost. So has the directory the kernel was built in. Those
/// were made by the build that made the target kernel, so taking them is not only faster but nearer to it. Time stamps are set so that
/// Kbuild does not make them again.
///
/// The tree appears under its name only when it is whole, and a manifest of it is written last (<see cref="TreeGuard"/>): an interrupted
/// or failed preparation leaves nothing that a later run would use. A later run with another source, configuration or headers gets another
/// directory, because all of these go into its name.
/// </summary>
public sealed class WorkTreePreparer(IProcessRunner runner, IBuildProgress progress)
{
    /// <summary>Finds or makes the work tree.</summary>
    /// <exception cref="DiagnosticException">It cannot be made.</exception>
    public async Task<WorkTree> PrepareAsync(WorkTreeInputs inputs, CacheDirectory cache, CancellationToken cancellationToken)
    {
        var tree = new WorkTree(inputs, cache.ForKernel(inputs.Release, Identity(inputs)));
        CacheDirectory.MakeOwn(tree.Objects);
        return tree with
        {
            Guard =
                await TreeGuard.OpenAsync(tree, (target, token) => MakeAsync(inputs, target, token), progress, cancellationToken)
                    .ConfigureAwait(false),
        };
    }

    private async Task MakeAsync(WorkTreeInputs inputs, string target, CancellationToken cancellationToken)
    {
        try
        {
            await UnpackAsync(inputs, target, cancellationToken).ConfigureAwait(false);
            HeadersComparer.Check(inputs, target);
            HeadersCopier.Copy(inputs, target);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(BuildDiagnostics.CannotUnpack.At(target, problem.Message));
        }
    }

    private async Task UnpackAsync(WorkTreeInputs inputs, string target, CancellationToken cancellationToken)
    {
        if (!inputs.IsTarball)
        {
            SourceCopier.Copy(inputs.SourcePath, target, cancellationToken);
            return;
        }

        // tar and xz run side by side; xz uses every core where the archive has several blocks.
        var request = new ProcessRequest(
            "tar", ["-x", "-I", "xz -T0", "-f", inputs.SourcePath, "-C", target, "--strip-components=1", "--no-same-owner"]);
        progress.Log("$ " + request.CommandLine);
        var result = await runner.RunAsync(request with { OnLine = progress.Log }, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new DiagnosticException(BuildDiagnostics.CannotUnpack.At(inputs.SourcePath, LastLines(result.Error)));
        }
    }

    private static string LastLines(string text) =>
        string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(3));

    /// <summary>A name for everything the tree depends on.</summary>
    private static string Identity(WorkTreeInputs inputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The form of what is kept in the directory comes first: other versions of this tool keep theirs apart.
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        try
        {
            Add("2");
            Add(inputs.Toolchain.Identity);
            hash.AppendData(File.ReadAllBytes(inputs.ConfigPath));
            foreach (var file in (string[])["Module.symvers", "include/generated/autoconf.h", "include/generated/asm-offsets.h"])
            {
                AddStamp(Path.Combine(inputs.HeadersDirectory, file));
            }

            if (inputs.IsTarball)
            {
                AddStamp(inputs.SourcePath);
            }
            else
            {
                AddSources();
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CoreDiagnostics.CannotRead.At(inputs.ConfigPath, problem.Message));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void AddStamp(string path)
        {
            var info = new FileInfo(path);
            Add(info.Exists ? $"{path} {info.Length} {info.LastWriteTimeUtc.Ticks}" : $"{path} -");
        }

        void AddSources()
        {
            var sources = SourceStamps.Read(inputs.SourcePath);
            foreach (var source in sources)
            {
                Add($"{source.Path} {source.Length} {source.Time.Ticks}");
            }

            if (inputs.BuiltAt is { } built
                && sources.Where(source => source.Time > built).Select(static source => source.Path).ToList() is { Count: > 0 } newer)
            {
                throw new DiagnosticException(BuildDiagnostics.SourceNewer.At(
                    Path.Combine(inputs.SourcePath, newer[0]),
                    newer.Count == 1
                        ? "The file is newer than vmlinux, so what the kernel was built from is not known."
                        : $"The file and {newer.Count - 1} more are newer than vmlinux, so what the kernel was built from is not known: "
                            + $"{string.Join(", ", newer.Skip(1).Take(3))}."));
            }
        }
    }
}
