using System.Globalization;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;

namespace LivePatch.Proof;

/// <summary>
/// Proves that a finished livepatch module does what the patched objects say: translation validation.
///
/// The code that makes modules decides what is compared, selected, copied and bound, and every one of those decisions may be wrong in a
/// way its own checks share. So this begins at the other end. It knows three things only: the objects as the compiler made them, the
/// module's file, and the target's symbols and bytes; and how the kernel applies relocations. Nothing that extraction recorded is read.
///
/// The rows of klp_func say which function of an object a piece of the module stands for. From there both are read side by side: every
/// instruction must be the same, and every address in it, whoever filled it in, must mean the same once the kernel has applied all
/// relocations. What an address leads to in both files makes the next pair: a function, a variable, a literal, a piece of replacement
/// code. Pairs are proved until none is left; so nothing needs to be known of how the module is laid out, and nothing is proved twice.
/// For each pair of code the entries of the special tables must be the same set, leading to the same places.
///
/// What leads to the running kernel must name the same symbol of the right object, at the right position among equal names. Which one
/// that is, the target's own code tells (<see cref="KernelEvidence"/>).
///
/// Limits: whether the right functions were selected is not asked; that a row is missing shows only where its code is left without one.
/// The module's own source (its init function and the tables of struct klp_patch beyond names and functions) is not an object's. Unwind
/// entries and other tables that objtool makes when the module is linked, and the object has not, are checked for their places.
/// </summary>
public sealed partial class ModuleProof
{
    private const int MostDiagnostics = 20;

    private readonly LoadedFile _module;
    private readonly IReadOnlyList<Part> _parts;
    private readonly IProofTarget _target;
    private readonly IArchitecture _architecture;
    private readonly TableRows _moduleRows;
    private readonly DiagnosticBag _diagnostics = [];
    private readonly Queue<Action> _pending = new();
    private readonly Dictionary<(Part Part, ElfSection Section, ulong Start), (ElfSection Section, long Start)> _code = [];
    private readonly Dictionary<(Part Part, ElfSection Section, ulong Start), (ElfSection Section, long Start)> _data = [];
    private readonly List<(ElfSection Section, long Start, long End)> _provedCode = [];
    private readonly HashSet<(Part Part, ElfSection Section, ulong Start)> _replaced = [];
    private readonly List<PrivatePart> _private = [];
    private readonly SortedDictionary<string, int> _forgiven = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _unconfirmed = new(StringComparer.Ordinal);
    private readonly Dictionary<Part, KernelEvidence> _evidence = [];
    private readonly List<ProofClaim> _claims = [];
    private readonly List<Action> _atTheEnd = [];
    private int _functions;
    private int _rows;
    private int _references;
    private int _tables;
    private int _literals;
    private int _toOld;
    private int _toNew;
    private int _positions;

    private ModuleProof(ElfObject module, IReadOnlyList<ProofObject> objects, IProofTarget target)
    {
        _architecture = target.Architecture;
        _module = new LoadedFile(module, _architecture);
        _parts = [.. objects.Select((item, index) => new Part(index, item, target))];
        _target = target;
        _moduleRows = new TableRows(_module, target.Catalog);
    }

    /// <summary>Reads a module beside its objects.</summary>
    /// <param name="module">The finished .ko.</param>
    /// <param name="objects">Every object that was compiled for the patch, once for each owner.</param>
    /// <param name="target">The target kernel.</param>
    public static ProofResult Prove(ElfObject module, IReadOnlyList<ProofObject> objects, IProofTarget target) =>
        new ModuleProof(module, objects, target).Run();

    /// <summary>As <see cref="Prove"/>, and tells which parts of the module were compared.</summary>
    internal static (ProofResult Result, IReadOnlyList<ProofClaim> Claims) ProveWithClaims(ElfObject module,
        IReadOnlyList<ProofObject> objects, IProofTarget target)
    {
        var proof = new ModuleProof(module, objects, target);
        return (proof.Run(), proof._claims);
    }

    private void Claim(ElfSection section, long start, long end) => _claims.Add(new ProofClaim(section.Index, start, end));

    private ProofResult Run()
    {
        CheckRelocationSections();
        ReadRows();
        Drain();
        PairTheRest();
        Drain();
        _atTheEnd.ForEach(static ask => ask());
        CheckStrayRows();
        var shown = _diagnostics.Take(MostDiagnostics).ToList();
        if (_diagnostics.Count > MostDiagnostics)
        {
            shown.Add(ProofDiagnostics.OtherAddress.At(_module.Elf.Name, $"{_diagnostics.Count - MostDiagnostics} more like these."));
        }

        shown.AddRange(_unconfirmed.Select(static item => ProofDiagnostics.Unconfirmed.Anywhere($"{item}.")));
        return new ProofResult(
            shown, _functions, _rows, _references, _tables, _literals, _toOld, _toNew, _positions,
            [.. _private.Distinct()], [.. _forgiven], [.. _unconfirmed]);
    }

    private void Drain()
    {
        while (_pending.TryDequeue(out var next))
        {
            next();
        }
    }

    private void Forgive(string rule) => _forgiven[rule] = _forgiven.GetValueOrDefault(rule) + 1;

    private void Refuse(DiagnosticDescriptor kind, Part part, string unit, long offset, string text) =>
        _diagnostics.Add(kind.At(DiagnosticLocation.InSymbol(part.Source.Path, unit, (ulong)Math.Max(offset, 0)), text));

    private void Refuse(DiagnosticDescriptor kind, Part part, in Use use, string objectSays, string moduleDoes) =>
        Refuse(kind, part, use.Unit, use.Offset, $"The patched object says {objectSays}; the module would lead to {moduleDoes}.");

    /// <summary>A place of a file in a reader's words.</summary>
    private static string Describe(LoadedFile file, in Address address)
    {
        if (address.IsNumber)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the number 0x{address.Offset:x}");
        }

        if (address.Section is not { } section)
        {
            return address.Symbol!.Name + Distance(address.Offset);
        }

        var symbol = address.Symbol ?? (address.Offset >= 0 ? file.Symbols.FindContaining(section, (ulong)address.Offset) : null);
        return symbol is null
            ? section.Name + Distance(address.Offset)
            : symbol.Name + Distance(address.Offset - (long)symbol.Value) + (section.IsCode ? string.Empty : $" in {section.Name}");
    }

    private static string Distance(long offset) => offset switch
    {
        0 => string.Empty,
        > 0 => string.Create(CultureInfo.InvariantCulture, $"+0x{offset:x}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"-0x{-offset:x}"),
    };

    /// <summary>What the kernel demands of sections of relocations, and what decides when it applies them.</summary>
    private void CheckRelocationSections()
    {
        foreach (var rela in _module.Elf.Sections.Where(static section => section.IsRela && section.Target is { IsAllocated: true }))
        {
            var isLate = (rela.Flags & ElfConstants.ShfRelaLivepatch) != 0;
            var parts = rela.Name.Split('.', 5);
            var patched = isLate && parts is ["", "klp", "rela", var named, ..] ? named : null;
            if (isLate && (patched is null || !rela.IsAllocated))
            {
                _diagnostics.Add(ProofDiagnostics.WrongRelocation.At(
                    DiagnosticLocation.InSection(_module.Elf.Name, rela.Name),
                        "The livepatch core cannot tell whose relocations these are, or does not find them in memory."));
                continue;
            }

            foreach (var entry in rela.Entries)
            {
                var width = _architecture.Relocations.Find(entry.Type)?.Width ?? 0;
                var written = LoadedFile.Bytes(rela.Target!, (long)Math.Min(entry.Offset, long.MaxValue), width);
                if (written.Length < width || written.ContainsAnyExcept((byte)0) || !_architecture.Relocations.IsLoadable(entry.Type))
                {
                    _diagnostics.Add(ProofDiagnostics.WrongRelocation.At(
                        DiagnosticLocation.InSection(_module.Elf.Name, rela.Target!.Name, entry.Offset),
                        "The kernel refuses a relocation that writes over anything but zeros, past the end of its section, or in a way it does not know."));
                }

                if (entry.Symbol.IsLivepatch != isLate)
                {
                    _diagnostics.Add(ProofDiagnostics.WrongRelocation.At(
                        DiagnosticLocation.InSection(_module.Elf.Name, rela.Target!.Name, entry.Offset),
                        isLate ? $"The livepatch core would not resolve {entry.Symbol.DisplayName}."
                            : $"The module loader would leave {entry.Symbol.Name} at address 0."));
                }
                else if (isLate && SymbolNames.ParseKlp(entry.Symbol.Name) is { } klp
                    && (klp.Object == Kernel.ModuleName.Vmlinux) != (patched == Kernel.ModuleName.Vmlinux))
                {
                    _diagnostics.Add(ProofDiagnostics.WrongRelocation.At(
                        DiagnosticLocation.InSection(_module.Elf.Name, rela.Target!.Name, entry.Offset),
                        $"{entry.Symbol.Name} would be looked for with the relocations of {patched}."));
                }
            }
        }
    }
}
