using System.Runtime.InteropServices;

namespace LivePatch.Kernel.Architecture.Capstone;

/// <summary>
/// The few functions of libcapstone 4 that are used, declared blittable. The library comes from the
/// Gee.External.Capstone package; its managed wrapper is left out because it marshals by reflection (AOT analysis
/// warning IL3053) and makes several objects per instruction, while a diff asks for millions of lengths.
/// </summary>
internal static unsafe partial class CapstoneNative
{
    public const int Ok = 0;

    private const string Library = "capstone";

    [LibraryImport(Library, EntryPoint = "cs_version")]
    public static partial uint Version(int* major, int* minor);

    [LibraryImport(Library, EntryPoint = "cs_open")]
    public static partial int Open(CapstoneArchitecture architecture, CapstoneMode mode, nuint* handle);

    [LibraryImport(Library, EntryPoint = "cs_close")]
    public static partial int Close(nuint* handle);

    [LibraryImport(Library, EntryPoint = "cs_malloc")]
    public static partial CapstoneInstruction* Allocate(nuint handle);

    [LibraryImport(Library, EntryPoint = "cs_free")]
    public static partial void Free(CapstoneInstruction* instructions, nuint count);

    [LibraryImport(Library, EntryPoint = "cs_disasm_iter")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool Next(nuint handle, byte** code, nuint* size, ulong* address, CapstoneInstruction* instruction);
}
