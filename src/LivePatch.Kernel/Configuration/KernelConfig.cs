using System.Collections.Frozen;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Kernel.Configuration;

/// <summary>A kernel's <c>.config</c>. Immutable. Option names are given without <c>CONFIG_</c>.</summary>
public sealed class KernelConfig
{
    private const string Prefix = "CONFIG_";

    private readonly FrozenDictionary<string, string> _values;

    private KernelConfig(string source, Dictionary<string, string> values)
    {
        Source = source;
        _values = values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The file, for messages.</summary>
    public string Source { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="diagnostics">Receives why it cannot be read (LP0001) or that it is no configuration (LP0213).</param>
    /// <returns>The configuration, or null when a fatal diagnostic was added.</returns>
    public static KernelConfig? TryRead(string path, DiagnosticBag diagnostics)
    {
        try
        {
            return TryParse(path, File.ReadAllText(path), diagnostics);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(CoreDiagnostics.CannotRead.At(path, problem.Message));
            return null;
        }
    }

    /// <summary>Parses the text of a <c>.config</c>.</summary>
    /// <param name="source">What diagnostics call it.</param>
    /// <param name="text">The text.</param>
    /// <param name="diagnostics">Receives the first malformed line, or that there is no option at all (LP0213).</param>
    /// <returns>The configuration, or null when a fatal diagnostic was added.</returns>
    public static KernelConfig? TryParse(string source, string text, DiagnosticBag diagnostics)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan()[range].TrimEnd();
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            var equals = line.IndexOf('=');
            if (!line.StartsWith(Prefix, StringComparison.Ordinal) || equals <= Prefix.Length)
            {
                diagnostics.Add(KernelDiagnostics.BadConfig.At(
                    DiagnosticLocation.AtLine(source, number), "The line is neither CONFIG_NAME=VALUE nor a comment."));
                return null;
            }

            values[line[Prefix.Length..equals].ToString()] = Unquote(line[(equals + 1)..]);
        }

        if (values.Count == 0)
        {
            diagnostics.Add(KernelDiagnostics.BadConfig.At(source, "The file sets no option at all."));
            return null;
        }

        return new KernelConfig(source, values);
    }

    /// <summary>True when the option is y or m.</summary>
    public bool IsSet(string option) => Value(option) is "y" or "m";

    /// <summary>True when the option is built in (y).</summary>
    public bool IsBuiltIn(string option) => Value(option) == "y";

    /// <summary>The value without quotes; null when the option is not set.</summary>
    public string? Value(string option) => _values.GetValueOrDefault(option);

    private static string Unquote(ReadOnlySpan<char> value) =>
        value.Length >= 2 && value[0] == '"' && value[^1] == '"'
            ? value[1..^1].ToString().Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)
            : value.ToString();
}
