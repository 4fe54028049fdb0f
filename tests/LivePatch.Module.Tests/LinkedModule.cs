using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Module.Tests;

/// <summary>A small module as Kbuild links it, before post-link.</summary>
internal static class LinkedModule
{
    public const string Release = "6.1.0-test";

    public static byte[] Make(
        string patched = "vmlinux",
        string owner = "vmlinux",
        string symbol = "hidden",
        uint position = 0,
        string oldName = "work",
        bool hasStringSection = true)
    {
        var builder = new ElfObjectBuilder(Architectures.X64.Machine);
        var info = builder.AddSection(".modinfo", ElfConstants.ShtProgbits);
        info.Flags = ElfConstants.ShfAlloc;
        info.Data = System.Text.Encoding.ASCII.GetBytes($"livepatch=Y\0vermagic={Release} SMP\0name=livepatch_test\0");

        var text = builder.AddSection(".text.work", ElfConstants.ShtProgbits);
        text.Flags = ElfConstants.ShfAlloc | ElfConstants.ShfExecinstr;
        text.Alignment = 16;
        text.Data = new byte[] { 0xe8, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0, 0xc3 };
        var work = builder.AddSymbol("work");
        (work.Section, work.Type, work.Size) = (text, ElfSymbolType.Function, 11);

        // The module linker script of 7.2 makes one section of strings and other constants.
        var strings = builder.AddSection(hasStringSection ? ".rodata.str1.1" : ".rodata", ElfConstants.ShtProgbits);
        strings.Flags = hasStringSection ? ElfConstants.ShfAlloc | ElfConstants.ShfMerge | ElfConstants.ShfStrings : ElfConstants.ShfAlloc;
        strings.EntrySize = hasStringSection ? 1ul : 0;
        strings.Data = System.Text.Encoding.ASCII.GetBytes(oldName + "\0");
        var stringSymbol = builder.AddSymbol(string.Empty);
        (stringSymbol.Section, stringSymbol.Type) = (strings, ElfSymbolType.Section);

        var data = builder.AddSection(".data", ElfConstants.ShtProgbits);
        data.Flags = ElfConstants.ShfAlloc | ElfConstants.ShfWrite;
        data.Alignment = 8;
        data.Data = new byte[160];
        var functions = builder.AddSymbol("funcs_vmlinux");
        (functions.Section, functions.Type, functions.Size) = (data, ElfSymbolType.Object, 64);
        var objects = builder.AddSymbol("objs");
        (objects.Section, objects.Type, objects.Value, objects.Size) = (data, ElfSymbolType.Object, 64, 64);

        var alias = builder.AddSymbol("klp_new_0_0_work");
        (alias.Section, alias.Type, alias.Size, alias.Binding) = (text, ElfSymbolType.Function, 11, ElfSymbolBinding.Global);
        var exported = builder.AddSymbol("exported");
        exported.Binding = ElfSymbolBinding.Global;
        var pending = builder.AddSymbol($".klp.pending.{patched}.{owner}.{symbol},{position}");
        pending.Binding = ElfSymbolBinding.Weak;

        var code = builder.AddRelocationSection(text);
        code.Relocations.Add(new ElfRelocationDraft(1, X64RelocationType.Plt32, exported, -4));
        code.Relocations.Add(new ElfRelocationDraft(6, X64RelocationType.Plt32, pending, -4));
        var pointers = builder.AddRelocationSection(data);
        pointers.Relocations.Add(new ElfRelocationDraft(0, X64RelocationType.Abs64, stringSymbol, 0));
        pointers.Relocations.Add(new ElfRelocationDraft(8, X64RelocationType.Abs64, alias, 0));
        pointers.Relocations.Add(new ElfRelocationDraft(72, X64RelocationType.Abs64, functions, 0));
        return builder.ToArray();
    }
}
