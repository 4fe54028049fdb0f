using System.Collections.Concurrent;

namespace LivePatch.Kernel.Architecture.Capstone;

/// <summary>
/// Decodes with libcapstone. A handle is not safe for two threads, so each call takes one from a pool and gives it
/// back; there are never more handles than calls that ran at the same time. Nothing is loaded before the first call.
/// </summary>
internal sealed class CapstoneDecoder(CapstoneArchitecture architecture, CapstoneMode mode) : IInstructionDecoder
{
    private readonly ConcurrentBag<CapstoneEngine> _idle = [];

    public bool TryGetLength(ReadOnlySpan<byte> code, int offset, out int length)
    {
        length = 0;
        if ((uint)offset >= (uint)code.Length)
        {
            return false;
        }

        var engine = Take();
        length = engine.Decode(code[offset..], (ulong)offset);
        _idle.Add(engine);
        return length > 0;
    }

    public bool TryDecode(ReadOnlySpan<byte> code, int offset, out DecodedInstruction instruction)
    {
        instruction = default;
        if ((uint)offset >= (uint)code.Length)
        {
            return false;
        }

        var engine = Take();
        var known = engine.Decode(code[offset..], (ulong)offset) > 0;
        if (known)
        {
            instruction = engine.Current(offset);
        }

        _idle.Add(engine);
        return known;
    }

    public IReadOnlyList<DecodedInstruction> Disassemble(ReadOnlyMemory<byte> code, ulong address = 0)
    {
        var result = new List<DecodedInstruction>(code.Length / 4);
        var engine = Take();
        var bytes = code.Span;
        for (var offset = 0; offset < bytes.Length;)
        {
            var instruction = engine.Decode(bytes[offset..], address + (ulong)offset) > 0
                ? engine.Current(offset)
                : new DecodedInstruction(offset, 1, string.Empty, string.Empty);
            result.Add(instruction);
            offset += instruction.Length;
        }

        _idle.Add(engine);
        return result;
    }

    private CapstoneEngine Take() => _idle.TryTake(out var engine) ? engine : CapstoneEngine.Open(architecture, mode);
}
