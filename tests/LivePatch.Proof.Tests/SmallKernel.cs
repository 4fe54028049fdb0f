using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Diff.Select;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;
using LivePatch.Kernel.Symbols;
using LivePatch.Module.Extract;
using LivePatch.Module.PostLink;
using LivePatch.Module.Shipped;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Proof.Tests;

/// <summary>
/// A kernel of two sources, linked where kernels lie, and a livepatch of the first, made by the real engine and linked with a small
/// source of its own.
/// </summary>
internal sealed class SmallKernel : IProofTarget, IDisposable
{
    private static readonly string[] Flags =
    [
        "-O2", "-g", "-ffunction-sections", "-fdata-sections", "-fno-pic", "-mcmodel=kernel", "-mno-red-zone", "-fcf-protection=none",
            "-fno-stack-protector",
        "-fno-asynchronous-unwind-tables", "-pg", "-mfentry", "-mrecord-mcount", "-fno-jump-tables", "-ffreestanding",
            "-fno-optimize-sibling-calls",
    ];

    private static readonly Lock Guard = new();
    private static SmallKernel? _shared;

    private SmallKernel(ElfObject image, ElfObject original, ElfObject patched, byte[] module, ModuleSymvers exports)
    {
        Image = image;
        Objects = [new ProofObject("kernel/work.o", "vmlinux", original, patched)];
        Module = module;
        Exports = exports;
        Symbols = KernelSymbolTable.FromVmlinux(image);
    }

    public IReadOnlyList<ProofObject> Objects { get; }

    /// <summary>The livepatch, good.</summary>
    public byte[] Module { get; }

    public ModuleSymvers Exports { get; }

    public IArchitecture Architecture => Architectures.X64;

    public SpecialSectionCatalog Catalog { get; } = Special();

    public ElfObject Image { get; }

    public KernelSymbolTable Symbols { get; }

    public ExportedSymbol? FindExport(string name) => Exports.Find(name);

    public (ElfObject File, KernelSymbolTable Symbols)? FindModule(string name) => null;

    public bool? IsTraceable(string objectName, string name, uint sympos) => objectName == "vmlinux" ? Symbols.Contains(name) : null;

    public void Dispose() => Image.Dispose();

    /// <summary>The one that tests share; it is only read.</summary>
    public static SmallKernel Shared
    {
        get
        {
            lock (Guard)
            {
                return _shared ??= Make(SmallSources.Original, SmallSources.Patched);
            }
        }
    }

    /// <summary>Compiles, links, compares, extracts, links and converts; the engine must take the patch.</summary>
    public static SmallKernel Make(string before, string after)
    {
        var made = TryMake(before, after, out var refusals);
        Assert.True(made is not null, string.Join('\n', refusals));
        return made!;
    }

    /// <summary>As <see cref="Make"/>; null when the engine refuses.</summary>
    public static SmallKernel? TryMake(string before, string after, out IReadOnlyList<Diagnostic> refusals)
    {
        refusals = [];
        Tool.Require("gcc", "ld");
        using var original = CompiledSource.C(before, "gcc", Flags);
        using var patched = CompiledSource.C(after, "gcc", Flags);
        using var rest = CompiledSource.C(SmallSources.Rest, "gcc", Flags);
        using var directory = new TemporaryDirectory();
        Run(directory.Path, "ld", "-o", "vmlinux", "-Ttext=0xffffffff81000000", "-e", "0", "--no-relax", rest.ObjectPath,
            original.ObjectPath);
        var image = ElfObject.Read(File.ReadAllBytes(directory.File("vmlinux")), "vmlinux");
        var symbols = KernelSymbolTable.FromVmlinux(image);
        var exports = ModuleSymvers.TryParse("Module.symvers", System.Text.Encoding.ASCII.GetBytes(SmallSources.Exports), [])!;

        var (old, now) = (original.Read(), patched.Read());
        var diff = DiffEngine.Compare(old, now, Architectures.X64, Special(), new DiffOptions("vmlinux", new Everything()));
        if (diff.Diagnostics.Any(static item => item.IsFatal))
        {
            refusals = diff.Diagnostics;
            return null;
        }

        var diagnostics = new DiagnosticBag();
        var resolver = new KernelSymbolResolver("vmlinux", symbols, exports,
            new ShippedObjectLocator(old, image, symbols, Architectures.X64));
        var extracted = ObjectExtractor.TryExtract(diff, "vmlinux", "kernel/work.o", "klp_new_0_", resolver, diagnostics);
        if (extracted is null)
        {
            refusals = diagnostics;
            return null;
        }

        File.WriteAllBytes(directory.File("0.o"), extracted.Content.ToArray());
        directory.Write("livepatch-main.c", SmallSources
            .ModuleSource(extracted.Replaced.Select(static row => (row.OldName, row.Sympos, row.LinkName))));
        Run(directory.Path, "gcc", [.. Flags.Where(static flag => flag != "-ffunction-sections"), "-c", "livepatch-main.c", "-o",
            "main.o"]);
        Run(directory.Path, "ld", "-r", "-o", "livepatch.ko", "main.o", "0.o");
        using var linked = ElfObject.Read(directory.File("livepatch.ko"));
        var module = PostLinker.TryConvert(linked, diagnostics);
        Assert.DoesNotContain(diagnostics, static item => item.IsFatal);
        return new SmallKernel(image, old, now, module!, exports);
    }

    public ProofResult Prove(byte[] module)
    {
        using var elf = ElfObject.Read(module, "livepatch.ko");
        return ModuleProof.Prove(elf, Objects, this);
    }

    private static SpecialSectionCatalog Special() => Architectures.X64.Tables.Catalog(
        new Dictionary<string, int>
        {
            ["bug_entry"] = 12,
            ["alt_instr"] = 12,
            ["jump_entry"] = 16,
            ["exception_table_entry"] = 12,
            ["static_call_site"] = 8,
        });

    private static void Run(string directory, string program, params IReadOnlyList<string> arguments)
    {
        var result = Tool.RunIn(directory, program, arguments);
        Assert.True(result.Succeeded, $"{program}: {result.Error}");
    }

    private sealed class Everything : ISymbolOwners
    {
        public bool IsInVmlinux(string name) => true;
    }
}
