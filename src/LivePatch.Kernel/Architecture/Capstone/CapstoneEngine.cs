using System.Runtime.InteropServices;
using System.Text;
using LivePatch.Core.Diagnostics;

namespace LivePatch.Kernel.Architecture.Capstone;

/// <summary>One handle of the library and the instruction it decodes into. Used by one thread at a time.</summary>
internal sealed unsafe class CapstoneEngine : SafeHandle
{
    private CapstoneInstruction* _instruction;

    private CapstoneEngine(nuint handle)
        : base(0, ownsHandle: true)
    {
        SetHandle((nint)handle);
        _instruction = CapstoneNative.Allocate(handle);
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Loads the library and opens a handle.</summary>
    /// <exception cref="DiagnosticException">LP0201.</exception>
    public static CapstoneEngine Open(CapstoneArchitecture architecture, CapstoneMode mode)
    {
        try
        {
            var version = CapstoneNative.Version(null, null);
            if (version >> 8 != 4)
            {
                throw Failure($"it is version {version >> 8}.{version & 0xff}, and its structures are known for version 4 only");
            }

            nuint handle;
            var status = CapstoneNative.Open(architecture, mode, &handle);
            return status == CapstoneNative.Ok
                ? new CapstoneEngine(handle)
                : throw Failure($"cs_open failed with error {status}");
        }
        catch (Exception problem) when (problem is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw Failure(problem.Message.Split('\n')[0]);
        }
    }

    /// <summary>Decodes the instruction at the start of the code.</summary>
    /// <returns>Its length; 0 when there is no known whole instruction.</returns>
    public int Decode(ReadOnlySpan<byte> code, ulong address)
    {
        fixed (byte* start = code)
        {
            var at = start;
            var left = (nuint)code.Length;
            return code.Length > 0 && CapstoneNative.Next((nuint)handle, &at, &left, &address, _instruction)
                ? _instruction->Size
                : 0;
        }
    }

    /// <summary>The instruction decoded last.</summary>
    public DecodedInstruction Current(int offset) => new(
        offset,
        _instruction->Size,
        Text(_instruction->Mnemonic, CapstoneInstruction.MnemonicSize),
        Text(_instruction->Operands, CapstoneInstruction.OperandsSize));

    protected override bool ReleaseHandle()
    {
        CapstoneNative.Free(_instruction, 1);
        _instruction = null;
        var closing = (nuint)handle;
        return CapstoneNative.Close(&closing) == CapstoneNative.Ok;
    }

    private static string Text(byte* start, int size)
    {
        var bytes = new ReadOnlySpan<byte>(start, size);
        var end = bytes.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]).Trim();
    }

    private static DiagnosticException Failure(string why) =>
        new(KernelDiagnostics.DisassemblerMissing.Anywhere($"libcapstone cannot be used: {why}."));
}
