using System.Text;

namespace LivePatch.Cli.Rendering;

/// <summary>A stream that was closed before the process began.</summary>
internal sealed class ClosedWriter : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value) => throw new IOException("It is closed.");
}
