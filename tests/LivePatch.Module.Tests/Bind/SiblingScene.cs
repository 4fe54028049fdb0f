using LivePatch.Core.Diagnostics;
using LivePatch.Diff;
using LivePatch.Elf;
using LivePatch.Kernel.Architecture;
using LivePatch.Module.Bind;
using LivePatch.Module.Extract;
using LivePatch.Module.PostLink;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Module.Tests.Bind;

/// <summary>Objects of one patch, compiled for real, in a kernel that has the names it is told.</summary>
public sealed class SiblingScene
{
    private static readonly string[] Flags =
    [
        "-O2", "-std=gnu11", "-w", "-ffreestanding", "-mcmodel=kernel", "-mno-red-zone", "-fno-pie", "-fno-asynchronous-unwind-tables",
        "-fno-stack-protector", "-pg", "-mfentry", "-mrecord-mcount", "-ffunction-sections", "-fdata-sections", "-fno-common",
        "-fcf-protection=none",
    ];

    private readonly List<SiblingObject> _objects = [];

    public DiagnosticBag Diagnostics { get; } = [];

    /// <summary>Global symbols of the running kernel: "vmlinux:name".</summary>
    public HashSet<string> Globals { get; } = [];

    /// <summary>"user:used" for modules of which the first needs the second.</summary>
    public HashSet<string> Dependencies { get; } = [];

    /// <summary>A file of the patch; what is under <c>#ifdef PATCHED</c> is only in the patched one.</summary>
    public SiblingScene Add(string owner, string path, string source)
    {
        using var before = CompiledSource.C(source, "gcc", Flags);
        using var after = CompiledSource.C(source, "gcc", [.. Flags, "-DPATCHED"]);
        var original = ElfObject.Read(before.Bytes, path);
        var diff = DiffEngine.Compare(
            original, ElfObject.Read(after.Bytes, path), Architectures.X64, Architectures.X64.Tables.Catalog(
                new Dictionary<string, int>()), new DiffOptions(owner, new AllOfVmlinux()));
        Assert.DoesNotContain(diff.Diagnostics, static item => item.IsFatal);
        foreach (
            var symbol in original.Symbols.Where(static symbol => symbol.Section is not null && symbol.Binding != ElfSymbolBinding.Local))
        {
            Globals.Add($"{owner}:{symbol.Name}");
        }

        _objects.Add(new SiblingObject(_objects.Count, path, owner, diff, new Lazy<ISymbolResolver?>(() => new Running(this, owner))));
        return this;
    }

    /// <summary>Adds a global symbol of the running kernel: "vmlinux:name".</summary>
    public SiblingScene With(string symbol)
    {
        Globals.Add(symbol);
        return this;
    }

    /// <summary>Checks, extracts and links all objects; null when something fatal was found.</summary>
    public ElfObject? Link(params IReadOnlyList<RemovedSymbol> removed)
    {
        var siblings = new SiblingSymbols(_objects, removed);
        siblings.Check((owner, name) => Globals.Contains($"{owner}:{name}"), Diagnostics);
        var extracted = new List<ExtractedObject>();
        foreach (var item in _objects.Where(static item => !item.Diff.IsNoChange))
        {
            var resolver = new SiblingResolver(item, siblings, item.Resolver.Value!);
            if (ObjectExtractor.TryExtract(
                item.Diff, item.Owner, item.Path, $"klp_new_{item.Index}_", resolver, Diagnostics, name =>
                    siblings.LinkName(item, name)) is { } one)
            {
                extracted.Add(one);
            }
        }

        SiblingReach.Check(extracted, (user, used) => Dependencies.Contains($"{user}:{used}"), Diagnostics);
        if (Diagnostics.HasFatal)
        {
            return null;
        }

        using var directory = new TemporaryDirectory();
        var files = extracted.Select((item, index) =>
        {
            var file = directory.File($"{index}.o");
            File.WriteAllBytes(file, item.Content.Span);
            return file;
        }).ToList();
        Tool.Require("ld");
        var result = Tool.RunIn(directory.Path, "ld", ["-r", "-o", "all.o", .. files]);
        Assert.True(result.Succeeded, result.Error);
        return ElfObject.Read(File.ReadAllBytes(directory.File("all.o")), "all.o");
    }

    /// <summary>What the relocations of a function in the linked object lead to: a pending symbol as "object.name", anything else by its
    /// name.</summary>
    public static IReadOnlyList<string> TargetsOf(ElfObject linked, string function)
    {
        var symbol = linked.FindSymbols(function).Single(static symbol => symbol.Section is not null);
        return
        [
            .. symbol.Section!.Relocations
                .Where(relocation => relocation.Offset >= symbol.Value && relocation.Offset < symbol.Value + symbol.Size)
                .Select(
                    static relocation =>
                        PendingSymbolName.TryParse(relocation.Symbol.Name) is { } pending
                            ? $"{pending.ObjectName}.{pending.Name}"
                            : relocation.Symbol.DisplayName)
                .Where(static name => name != "__fentry__" && !name.EndsWith(".__fentry__", StringComparison.Ordinal)),
        ];
    }

    /// <summary>What is said of functions that go, in a kernel where some functions call others: "caller:called".</summary>
    public DiagnosticBag Removals(params IReadOnlyList<string> calls)
    {
        var diagnostics = new DiagnosticBag();
        RemovedFunctions.Check(
            _objects.Select(static item => (item.Path, item.Owner, item.Diff)),
            (_, name) =>
                [.. calls.Where(call => call.EndsWith($":{name}", StringComparison.Ordinal)).Select(static call => call.Split(':')[0])],
            diagnostics);
        return diagnostics;
    }

    /// <summary>The one refusal.</summary>
    public Diagnostic Refused(params IReadOnlyList<RemovedSymbol> removed)
    {
        Assert.Null(Link(removed));
        return Assert.Single(Diagnostics, static item => item.IsFatal);
    }

    private sealed class AllOfVmlinux : ISymbolOwners
    {
        public bool IsInVmlinux(string name) => true;
    }

    /// <summary>Has every static it is asked for, and the globals the scene has.</summary>
    private sealed class Running(SiblingScene scene, string owner) : ISymbolResolver
    {
        public SymbolResolution? Resolve(SymbolRequest request, DiagnosticBag diagnostics)
        {
            if (request.Name.StartsWith("exported", StringComparison.Ordinal) || request.Name == "__fentry__")
            {
                return new SymbolResolution.Exported(null);
            }

            return Locate(request, diagnostics);
        }

        public SymbolResolution.Klp? Locate(SymbolRequest request, DiagnosticBag diagnostics)
        {
            if (request.IsLocal || scene.Globals.Contains($"{owner}:{request.Name}"))
            {
                return new SymbolResolution.Klp(owner, request.Name, 0);
            }

            diagnostics.Add(LivePatch.Module.ModuleDiagnostics.SymbolMissing.At(request.Place, $"It needs {request.Name}."));
            return null;
        }
    }
}
