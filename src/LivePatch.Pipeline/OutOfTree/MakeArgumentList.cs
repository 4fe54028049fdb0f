using System.Text;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Pipeline.OutOfTree;

/// <summary>The make arguments of an out-of-tree module, sorted by who has to know of them.</summary>
/// <param name="Arguments">Those that go to make as they are.</param>
/// <param name="Compiler">The value of CC; null when it is not set.</param>
/// <param name="Llvm">The value of LLVM; null when it is not set.</param>
/// <param name="KernelFlags">The value of KCFLAGS, to which ours are added; empty when it is not set.</param>
/// <param name="ExtraSymbols">Files in KBUILD_EXTRA_SYMBOLS.</param>
public sealed record MakeArgumentList(
    IReadOnlyList<string> Arguments, string? Compiler, string? Llvm, string KernelFlags, IReadOnlyList<string> ExtraSymbols)
{
    private static readonly string[] Ours = ["M", "O", "KBUILD_OUTPUT", "KBUILD_EXTMOD", "SUBDIRS", "MO", "KBUILD_EXTMOD_OUTPUT", "ARCH"];

    /// <summary>Sorts arguments.</summary>
    /// <exception cref="DiagnosticException">One of them sets what this tool has to set (LP0367).</exception>
    public static MakeArgumentList Sort(IReadOnlyList<string> arguments, string? inheritedExtraSymbols)
    {
        var plain = new List<string>();
        string? compiler = null;
        string? llvm = null;
        var flags = string.Empty;
        var symbols = inheritedExtraSymbols ?? string.Empty;
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? argument : argument[..equals];
            var value = equals < 0 ? string.Empty : argument[(equals + 1)..];
            if (Ours.Contains(name) || argument is "-C" or "-f" || argument.StartsWith("--directory", StringComparison.Ordinal)
                || (equals < 0 && !argument.StartsWith('-')))
            {
                throw new DiagnosticException(OutOfTreeDiagnostics.BadMakeArgument.Anywhere(
                    equals < 0
                        ? $"'{argument}' is a target or changes the directory; only variables and plain options of make can be given."
                        : $"{name} is set by klp-build itself."));
            }

            switch (name)
            {
                case "CC":
                    compiler = value;
                    break;
                case "LLVM":
                    llvm = value;
                    break;
                case "KCFLAGS":
                    flags = value;
                    break;
                case "KBUILD_EXTRA_SYMBOLS":
                    symbols = value;
                    plain.Add(argument);
                    break;
                default:
                    plain.Add(argument);
                    break;
            }
        }

        return new MakeArgumentList(
            plain, compiler, llvm, flags, symbols.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Splits text as a shell does, as far as blanks and quotes go.</summary>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        var quote = '\0';
        foreach (var character in text)
        {
            if (quote != '\0')
            {
                if (character == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word!.Append(character);
                }
            }
            else if (character is '"' or '\'')
            {
                quote = character;
                word ??= new StringBuilder();
            }
            else if (char.IsWhiteSpace(character))
            {
                if (word is not null)
                {
                    words.Add(word.ToString());
                }

                word = null;
            }
            else
            {
                (word ??= new StringBuilder()).Append(character);
            }
        }

        if (word is not null)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
