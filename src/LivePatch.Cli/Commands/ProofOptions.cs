using System.CommandLine;
using LivePatch.Kernel;

namespace LivePatch.Cli.Commands;

/// <summary>The options that prove a module again, with the objects its build kept.</summary>
internal sealed class ProofOptions
{
    private readonly Option<string?> _proof = new("--proof") { Description = "Prove the module again with the objects its build kept there", HelpName = "DIR" };
    private readonly Option<string?> _release = new("--kernel",
        "-k")
    { Description = "Release of the kernel it is proved for (default: the module's own)", HelpName = "RELEASE" };
    private readonly Option<string?> _source = new("--source", "-s")
    {
        Description = "The tree the kernel was built in",
        HelpName = "PATH"
    };
    private readonly Option<string?> _headers = new("--headers") { Description = "The kernel's build directory", HelpName = "DIR" };
    private readonly Option<string?> _image = new("--image") { Description = "The kernel image: vmlinuz or vmlinux", HelpName = "FILE" };
    private readonly Option<string?> _modules = new("--modules") { Description = "Directory of the kernel's modules", HelpName = "DIR" };
    private readonly Option<string[]> _given = new("--module")
    {
        Description = "A patched out-of-tree module as the target loads it",
        HelpName = "FILE.ko"
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_proof, _release, _source, _headers, _image, _modules, _given])
        {
            command.Add(option);
        }
    }

    /// <summary>What is asked for; null when no proof is.</summary>
    public ProofRequest? Of(ParseResult result) => result.GetValue(_proof) is not { } directory ? null : new ProofRequest(
        directory,
        result.GetValue(_release),
        result.GetValue(_source),
        result.GetValue(_headers),
        result.GetValue(_image),
        result.GetValue(_modules),
        (result.GetValue(_given) ?? []).ToDictionary(static path => ModuleName.FromPath(path), StringComparer.Ordinal));
}
