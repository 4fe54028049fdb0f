using System.Text;

namespace LivePatch.Cli.Rendering;

/// <summary>
/// A stream of the process as everything is written to it: what steers a terminal is escaped, whoever it came from, and a stream that is
/// full or closed is noticed and not written to again. It never throws: a result must not be lost because nobody could be told of it.
/// </summary>
/// <param name="inner">The stream.</param>
internal sealed class OutputWriter(TextWriter inner) : TextWriter
{
    /// <summary>Why writing failed; null when it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>The same stream for escape sequences of our own: colours, progress.</summary>
    public TextWriter Unescaped => field ??= new OutputWriter(inner, this);

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    private readonly OutputWriter? _owner;

    private OutputWriter(TextWriter inner, OutputWriter owner)
        : this(inner)
    {
        _owner = owner;
    }

    /// <summary>The stream for escape sequences of our own, where it is one of these; else the stream as it is.</summary>
    public static TextWriter Raw(TextWriter writer) => writer is OutputWriter output ? output.Unescaped : writer;

    /// <inheritdoc/>
    public override void Write(char value) => Put(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Put(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Put(new string(buffer));

    /// <inheritdoc/>
    public override void Write(string? value) => Put(value ?? string.Empty);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Put((value ?? string.Empty) + "\n");

    /// <inheritdoc/>
    public override void Flush() => Guarded(inner.Flush);

    private void Put(string text) => Guarded(() => inner.Write(_owner is null ? PrintableText.Of(text) : text));

    private void Guarded(Action action)
    {
        var state = _owner ?? this;
        if (state.Failure is not null)
        {
            return;
        }

        try
        {
            action();
        }
        catch (Exception problem) when (
            problem is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException)
        {
            state.Failure = problem.Message;
        }
    }
}
