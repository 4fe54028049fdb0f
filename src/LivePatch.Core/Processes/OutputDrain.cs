using System.Text;

namespace LivePatch.Core.Processes;

/// <summary>
/// Reads one output of a child from its start to its end and keeps every character. What has been read so far can be
/// had at any time: a background process that inherited the pipe may keep it open long after the child ended.
/// </summary>
internal sealed class OutputDrain
{
    private readonly StringBuilder _whole = new();
    private readonly StringBuilder _line = new();
    private readonly Action<string>? _onLine;

    public OutputDrain(StreamReader reader, Action<string>? onLine)
    {
        _onLine = onLine;
        Completion = DrainAsync(reader);
    }

    /// <summary>Ends when the last holder of the pipe closed it.</summary>
    public Task Completion { get; }

    /// <summary>All that has been read.</summary>
    public string Text
    {
        get
        {
            lock (_whole)
            {
                return _whole.ToString();
            }
        }
    }

    private async Task DrainAsync(StreamReader reader)
    {
        var buffer = new char[8192];
        try
        {
            int count;
            while ((count = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                lock (_whole)
                {
                    _whole.Append(buffer, 0, count);
                }

                SplitLines(buffer.AsSpan(0, count));
            }
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException)
        {
            // The pipe was given up because somebody else holds it open.
        }

        if (_line.Length > 0)
        {
            _onLine!(_line.ToString());
        }
    }

    private void SplitLines(ReadOnlySpan<char> text)
    {
        if (_onLine is null)
        {
            return;
        }

        int end;
        while ((end = text.IndexOf('\n')) >= 0)
        {
            _line.Append(text[..end]);
            _onLine(_line.ToString());
            _line.Clear();
            text = text[(end + 1)..];
        }

        _line.Append(text);
    }
}
