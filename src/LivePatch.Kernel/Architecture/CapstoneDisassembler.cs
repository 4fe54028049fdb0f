using System.Runtime.InteropServices;

namespace LivePatch.Kernel.Architecture;

/// <summary>
/// Instruction lengths from Capstone. The Gee.External.Capstone package brings the native library; its managed wrapper
/// marshals whole instruction records through reflection, which NativeAOT does not carry, so the five functions
/// needed are called directly. The library is loaded when the first instruction is decoded, not at start.
/// </summary>
internal static unsafe partial class CapstoneDisassembler
{
    private const int ArchX86 = 3;
    private const int Mode64 = 1 << 3;

    // struct cs_insn begins: unsigned id; uint64_t address; uint16_t size (capstone.h, versions 4 and 5).
    private const int SizeField = 16;

    [ThreadStatic]
    private static Handle? _current;

    /// <summary>The length of each instruction from the start of the code up to the first byte that is none.</summary>
    public static List<int> Lengths(ReadOnlySpan<byte> code)
    {
        var lengths = new List<int>(code.Length / 4);
        if (code.IsEmpty)
        {
            return lengths;
        }

        var handle = _current ??= new Handle();
        fixed (byte* start = code)
        {
            var position = start;
            nuint left = (nuint)code.Length;
            ulong address = 0;
            while (left > 0 && cs_disasm_iter(handle.Engine, &position, &left, &address, handle.Instruction))
            {
                lengths.Add(*(ushort*)((byte*)handle.Instruction + SizeField));
            }
        }

        return lengths;
    }

    [LibraryImport("capstone")]
    private static partial int cs_open(int architecture, int mode, nint* handle);

    [LibraryImport("capstone")]
    private static partial int cs_close(nint* handle);

    [LibraryImport("capstone")]
    private static partial nint cs_malloc(nint handle);

    [LibraryImport("capstone")]
    private static partial void cs_free(nint instruction, nuint count);

    [LibraryImport("capstone")]
    [return: MarshalAs(UnmanagedType.U1)]
    private static partial bool cs_disasm_iter(nint handle, byte** code, nuint* size, ulong* address, nint instruction);

    /// <summary>An engine and its instruction buffer; one per thread, because Capstone's are not shared.</summary>
    private sealed class Handle
    {
        public Handle()
        {
            nint engine;
            if (cs_open(ArchX86, Mode64, &engine) != 0)
            {
                throw new InvalidOperationException("Capstone has no x86 support.");
            }

            Engine = engine;
            Instruction = cs_malloc(engine);
        }

        ~Handle()
        {
            cs_free(Instruction, 1);
            var engine = Engine;
            _ = cs_close(&engine);
        }

        public nint Engine { get; }

        public nint Instruction { get; }
    }
}
