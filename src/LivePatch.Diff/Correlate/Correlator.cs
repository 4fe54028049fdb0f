using LivePatch.Core.Diagnostics;
using LivePatch.Diff.Flow;
using LivePatch.Diff.Objects;
using LivePatch.Elf;

namespace LivePatch.Diff.Correlate;

/// <summary>
/// Finds for each atom of the patched object the original it is another version of.
///
/// Names alone do not do: compilers number clones (foo.isra.3) and static locals (count.12) afresh on every run. The
/// approach is a funnel, each level looking only at what the levels before left over: same name in the same file; same
/// name but for serial numbers, when that is unique; the same across a change of scope (static to global); several
/// candidates told apart by content; several candidates in their order.
///
/// For functions a wrong pair is harmless to correctness, because callers are compared under the same pairing: what
/// is then found unchanged calls what the patched object would have it call. The funnel only keeps the result
/// small. For variables it is not harmless, since the running value belongs to the variable: static locals are
/// paired by their users in <see cref="StaticLocalCorrelator"/>, which refuses rather than guesses.
///
/// Never paired are what macros make afresh at each use (<see cref="SpecialStatics"/>), literals, and table entries:
/// those are compared by content where they are referred to.
/// </summary>
public sealed class Correlator
{
    private readonly ObjectPair _pair;
    private readonly CorrelationMap _map = new();

    private Correlator(ObjectPair pair)
    {
        _pair = pair;
    }

    /// <summary>Pairs the atoms of two objects.</summary>
    /// <param name="pair">The objects.</param>
    /// <param name="options">What the author says, and where the patch moved lines.</param>
    /// <param name="diagnostics">Receives refusals about static locals that cannot be paired.</param>
    public static CorrelationMap Correlate(ObjectPair pair, DiffOptions options, DiagnosticBag diagnostics)
    {
        var correlator = new Correlator(pair);
        var mover = new VariableMover(pair, correlator._map, options, diagnostics);
        mover.PairByAuthor();
        correlator.PairNamed();
        correlator.PairAnonymous();
        var statics = new StaticLocalCorrelator(pair, correlator._map, options, diagnostics);
        statics.Correlate();
        mover.PairMoved(statics.IsAmbiguous);
        statics.Report(mover.IsSettled);
        correlator._map.AuthorsPairs = mover.Used;
        return correlator._map;
    }

    /// <summary>True for atoms that take part in pairing by name.</summary>
    internal static bool IsNamed(Atom atom) =>
        atom.Symbol is { } symbol
        && atom.Kind is AtomKind.Function or AtomKind.Object
        && !SymbolName.IsUnstable(symbol.Name)
        && !atom.IsMadeAfresh
        && !atom.IsStaticLocal;

    private void PairNamed()
    {
        var original = _pair.Original.Atoms.Where(IsNamed).ToList();
        var patched = _pair.Patched.Atoms.Where(IsNamed).ToList();

        // Several clones of one function have only numbers to tell them apart, and those are given anew: content first.
        var crowded = Crowded(original).Concat(Crowded(patched)).ToHashSet(StringComparer.Ordinal);
        bool IsCrowded(Atom atom) => crowded.Contains(ScopedKey(atom, atom.Symbol!, SymbolName.Family(atom.Symbol!.Name)));
        PairUnique(
            [.. original.Where(IsCrowded)], [.. patched.Where(IsCrowded)], CorrelationRule.Content, static atom => [ContentKey(atom)]);

        PairUnique(original, patched, CorrelationRule.Name, static atom => [ScopedKey(atom, atom.Symbol!, atom.Symbol!.Name)]);
        PairUnique(
            original, patched, CorrelationRule.Name, static atom => atom.Symbols.Select(symbol => ScopedKey(atom, symbol, symbol.Name)));
        PairUnique(
            original,
            patched,
            CorrelationRule.Family,
            static atom => [ScopedKey(atom, atom.Symbol!, SymbolName.Family(atom.Symbol!.Name))]);
        PairUnique(
            original,
            patched,
            CorrelationRule.OtherScope,
            static atom => [$"{atom.Kind}:{SymbolName.Family(atom.Symbol!.Name)}"],
            MayChangeScope);
        PairUnique(original, patched, CorrelationRule.Content, static atom => [ContentKey(atom)]);
        PairInOrder(original, patched);

        PairMacroMade(original, patched);

        // A callback under a new name with the body of one that is gone: the table may keep the old one, which does the same. Where code
        // names it, the new name is as good as a new function.
        PairUnique(
            [.. original.Where(atom => IsCallback(_pair.Original, atom))],
            [.. patched.Where(atom => IsCallback(_pair.Patched, atom) && !_pair.Original.Elf.FindSymbols(atom.Symbol!.Name).Any())],
            CorrelationRule.Body,
            static atom => [BodyKey(atom)]);

        // A name that changed its kind (function to variable) is still the same name: compared, and refused there.
        PairUnique(original, patched, CorrelationRule.Name, static atom => [$"{atom.FileName}/{atom.Symbol!.Name}"]);
    }

    /// <summary>Name families that several numbered functions share.</summary>
    private static IEnumerable<string> Crowded(List<Atom> atoms) =>
        atoms.Where(static atom => atom.Kind == AtomKind.Function && SymbolName.Family(atom.Symbol!.Name) != atom.Symbol.Name)
            .GroupBy(static atom => ScopedKey(atom, atom.Symbol!, SymbolName.Family(atom.Symbol!.Name)))
            .Where(static group => group.Count() > 1)
            .Select(static group => group.Key);

    private void PairAnonymous()
    {
        // Sections the compiler numbers (.data.rel.local..Lubsan_data3) have no name to pair by; their content is compared.
        static bool IsCandidate(Atom atom) =>
            (atom.Kind == AtomKind.Anonymous || atom is { Kind: AtomKind.Function, Symbol: null })
            && atom.Class is not SectionClass.ModuleInfo
            && !atom.Section.Name.Contains("..L", StringComparison.Ordinal)
                && !atom.Section.Name.StartsWith(".L", StringComparison.Ordinal);
        PairUnique(
            [.. _pair.Original.Atoms.Where(IsCandidate)],
            [.. _pair.Patched.Atoms.Where(IsCandidate)],
            CorrelationRule.Section,
            static atom => [$"{SymbolName.Family(atom.Section.Name)}+{atom.Start:x}"]);
    }

    /// <summary>Static becomes global or the reverse; a static of one file never becomes another file's.</summary>
    private static bool MayChangeScope(Atom before, Atom after) =>
        (before.Symbol!.Binding == ElfSymbolBinding.Local) != (after.Symbol!.Binding == ElfSymbolBinding.Local)
        || before.FileName == after.FileName;

    /// <summary>Pairs what has a key that exactly one unpaired atom on each side has.</summary>
    private void PairUnique(
        List<Atom> original, List<Atom> patched, CorrelationRule rule, Func<Atom, IEnumerable<string>> keys, Func<Atom, Atom, bool>? may =
            null)
    {
        var left = Index(original.Where(atom => _map.PatchedOf(atom) is null), keys);
        var right = Index(patched.Where(atom => _map.OriginalOf(atom) is null), keys);
        foreach (var (key, before) in left)
        {
            if (before is not null && right.TryGetValue(key, out var after) && after is not null && _map.IsFree(before, after)
                && (may is null || may(before, after)))
            {
                _map.Add(before, after, rule);
            }
        }
    }

    /// <summary>Atoms by key; null where several share one. In object order, so that results are stable.</summary>
    private static Dictionary<string, Atom?> Index(IEnumerable<Atom> atoms, Func<Atom, IEnumerable<string>> keys)
    {
        var index = new Dictionary<string, Atom?>(StringComparer.Ordinal);
        foreach (var atom in atoms)
        {
            foreach (var key in keys(atom).Distinct())
            {
                index[key] = index.ContainsKey(key) ? null : atom;
            }
        }

        return index;
    }

    private void PairInOrder(List<Atom> original, List<Atom> patched)
    {
        static string Key(Atom atom) => ScopedKey(atom, atom.Symbol!, SymbolName.Family(atom.Symbol!.Name));
        var waiting = patched.Where(atom => atom.Kind == AtomKind.Function && _map.OriginalOf(atom) is null).GroupBy(Key).ToDictionary(
            static group => group.Key, static group => new Queue<Atom>(group), StringComparer.Ordinal);
        foreach (var before in original.Where(atom => atom.Kind == AtomKind.Function && _map.PatchedOf(atom) is null))
        {
            if (waiting.TryGetValue(Key(before), out var queue) && queue.TryDequeue(out var after))
            {
                _map.Add(before, after, CorrelationRule.Order);
            }
        }
    }

    /// <summary>Objects whose names macros number (__BTF_ID__, __UNIQUE_ID_), when there are as many as before.</summary>
    private void PairMacroMade(List<Atom> original, List<Atom> patched)
    {
        static string Key(Atom atom) => $"{atom.FileName}/{SymbolName.Family(atom.Symbol!.Name)}";
        bool IsOpen(Atom atom) =>
            atom.Kind == AtomKind.Object && SymbolName.Family(atom.Symbol!.Name).Contains('#', StringComparison.Ordinal);
        var right = patched.Where(atom => IsOpen(atom) && _map.OriginalOf(atom) is null).ToLookup(Key, StringComparer.Ordinal);
        foreach (var group in original.Where(atom => IsOpen(atom) && _map.PatchedOf(atom) is null).GroupBy(Key).ToList())
        {
            if (group.Count() == right[group.Key].Count())
            {
                foreach (var (before, after) in group.Zip(right[group.Key]))
                {
                    _map.Add(before, after, CorrelationRule.Order);
                }
            }
        }
    }

    /// <summary>A static function that only data refers to.</summary>
    private static bool IsCallback(KernelObject side, Atom atom) =>
        atom is { Kind: AtomKind.Function, Class: SectionClass.Code, IsGlobal: false, Symbol: not null } && !SymbolName.IsCold(atom.Name)
        && side.ReferrersOf(atom).Any(static use => use.From.Kind == AtomKind.Object)
        && side.ReferrersOf(atom).All(use => use.From.Kind != AtomKind.Function || use.From == atom || use.From.Parent == atom);

    /// <summary>Everything a function says, without its name.</summary>
    private static string BodyKey(Atom atom) =>
        $"{atom.FileName}/{Convert.ToHexString(atom.Bytes)}"
        + string.Concat(atom.References.Select(reference =>
            $" {reference.Offset:x}:{(reference.Target == atom ? "itself" : SymbolName.Family(reference.Target?.Name ?? reference.Relocation.Symbol.Name))}{reference.TargetOffset:+0;-0}"));

    private static string ScopedKey(Atom atom, ElfSymbol symbol, string name) =>
        symbol.Binding == ElfSymbolBinding.Local ? $"{atom.Kind}:{atom.FileName}/{name}" : $"{atom.Kind}:/{name}";

    /// <summary>Family, bytes and names referred to: enough to tell clones of one function apart.</summary>
    private static string ContentKey(Atom atom)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        hash.AppendData(atom.Bytes);
        var text = new System.Text.StringBuilder();
        foreach (var reference in atom.References)
        {
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"\n{reference.Offset:x} {SymbolName.Family(reference.Target?.Name ?? reference.Relocation.Symbol.Name)}");
        }

        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(text.ToString()));
        return $"{atom.Kind}:{atom.FileName}/{SymbolName.Family(atom.Symbol!.Name)}#{Convert.ToHexString(hash.GetHashAndReset())}";
    }
}
