namespace LivePatch.Kernel.Architecture;

/// <summary>What fills the room between functions and between variables, by <see cref="IInstructions.FillerLength"/>.</summary>
public static class Filler
{
    /// <summary>True when bytes are only what assemblers and linkers put between functions or variables.</summary>
    /// <param name="instructions">The machine's instructions.</param>
    /// <param name="bytes">What lies behind the last byte of a function or variable.</param>
    /// <param name="isCode">True in a code section; between variables are zeros.</param>
    public static bool IsFiller(this IInstructions instructions, ReadOnlySpan<byte> bytes, bool isCode)
    {
        if (!isCode)
        {
            return !bytes.ContainsAnyExcept((byte)0);
        }

        while (!bytes.IsEmpty)
        {
            var length = instructions.FillerLength(bytes);
            if (length <= 0)
            {
                return false;
            }

            bytes = bytes[length..];
        }

        return true;
    }

    /// <summary>How many bytes at the end of some code are only there to fill it up.</summary>
    /// <param name="instructions">The machine's instructions.</param>
    /// <param name="code">The code; where it cannot be cut into instructions nothing is, unless all of it is zeros.</param>
    public static int PaddingBytes(this IInstructions instructions, ReadOnlySpan<byte> code)
    {
        // Instruction by instruction: the last bytes of a constant may look like nops.
        var padding = 0;
        var at = 0;
        foreach (var next in instructions.Ends(code))
        {
            padding = instructions.IsFiller(code[at..(int)next], isCode: true) ? padding + (int)next - at : 0;
            at = (int)next;
        }

        return at == code.Length ? padding : code.ContainsAnyExcept((byte)0) ? 0 : code.Length;
    }
}
