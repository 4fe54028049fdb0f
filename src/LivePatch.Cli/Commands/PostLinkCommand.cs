using System.CommandLine;
using LivePatch.Cli.Rendering;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;
using LivePatch.Elf;
using LivePatch.Module.PostLink;

namespace LivePatch.Cli.Commands;

/// <summary>klp-build postlink: converts a module that 'make' linked again.</summary>
internal static class PostLinkCommand
{
    public static Command Create(Terminal terminal)
    {
        var input = new Argument<string>("MODULE.ko") { Description = "The module as make linked it" };
        var output = new Option<string?>("--output", "-o") { Description = "Where the result goes (default: in place)", HelpName = "FILE" };
        var command = new Command("postlink", "Convert the references of a freshly linked livepatch module") { input, output };
        command.SetAction(result => (int)Run(terminal, result.GetRequiredValue(input), result.GetValue(output)));
        return command;
    }

    private static ExitCode Run(Terminal terminal, string input, string? output)
    {
        OutputPlace.CheckElf(output, []);
        var diagnostics = new DiagnosticBag();
        byte[]? converted = null;
        using (var elf = ElfObject.TryRead(input, diagnostics))
        {
            converted = elf is null ? null : PostLinker.TryConvert(elf, diagnostics);
        }

        if (converted is not null)
        {
            AtomicFile.Write(output ?? input, converted);
        }

        DiagnosticRenderer.Write(terminal.Error, diagnostics, Verbosity.Normal, terminal.IsInteractive);
        return converted is null ? ExitCode.Error : ExitCode.Done;
    }
}
