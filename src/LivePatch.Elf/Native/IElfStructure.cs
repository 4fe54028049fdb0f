namespace LivePatch.Elf.Native;

/// <summary>A structure as it lies in the file.</summary>
internal interface IElfStructure
{
    /// <summary>Turns every field round, from the file's byte order to this machine's or back.</summary>
    void Swap();
}
