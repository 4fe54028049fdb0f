using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture.X64;
using LivePatch.Module.PostLink;

namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>Compares what came out with what a case expects.</summary>
public sealed class FixtureVerdict
{
    /// <summary>Which structure the entries of a table are.</summary>
    private static readonly Dictionary<string, string> StructOf = new(StringComparer.Ordinal)
    {
        ["__bug_table"] = "bug_entry",
        ["__ex_table"] = "exception_table_entry",
        ["__jump_table"] = "jump_entry",
        [".static_call_sites"] = "static_call_site",
        [".altinstructions"] = "alt_instr",
        [".parainstructions"] = "paravirt_patch_site",
        [".orc_unwind"] = "orc_entry",
    };

    private readonly FixtureCase _case;
    private readonly DiffOutcome _outcome;
    private readonly List<string> _failures = [];

    private FixtureVerdict(FixtureCase fixture, DiffOutcome outcome)
    {
        _case = fixture;
        _outcome = outcome;
    }

    /// <summary>One line per fact that does not hold; empty when the case passes.</summary>
    public static IReadOnlyList<string> Check(FixtureCase fixture, DiffOutcome outcome)
    {
        var verdict = new FixtureVerdict(fixture, outcome);
        verdict.CheckFunctions();
        verdict.CheckDiagnostics();
        if (fixture.Refusals.Count == 0)
        {
            verdict.CheckOutput();
        }

        return verdict._failures;
    }

    private void CheckFunctions()
    {
        // What else was found in a pair that is refused is nobody's business, unless the case says it.
        if (_case.Refusals.Count == 0 || _case.Changed.Count + _case.New.Count > 0)
        {
            CheckExhaustive("changed", _case.Changed, _outcome.Changed);
            CheckExhaustive("new", _case.New, _outcome.New);
        }
    }

    private void CheckExhaustive(string what, List<string> expected, IReadOnlyList<string> found)
    {
        var (missing, extra) = NamePattern.Unmatched(expected, found);
        _failures.AddRange(missing.Select(name => $"not {what}: {name}"));
        _failures.AddRange(extra.Select(name => $"{what}, and the case does not say so: {name}"));
    }

    private void CheckDiagnostics()
    {
        var fatal = _outcome.Diagnostics.Where(static diagnostic => diagnostic.IsFatal).ToList();
        foreach (var finding in _case.Refusals)
        {
            if (fatal.RemoveAll(diagnostic => IsAt(finding, diagnostic)) == 0)
            {
                _failures.Add($"not refused: {finding.Id} at {finding.Place}");
            }
        }

        _failures.AddRange(fatal.Select(static diagnostic => $"refused, and the case does not say so: {diagnostic}"));
        foreach (var finding in _case.Notes.Where(
            finding => !_outcome.Diagnostics.Any(diagnostic => !diagnostic.IsFatal && IsAt(finding, diagnostic))))
        {
            _failures.Add($"no note {finding.Id} at {finding.Place}");
        }
    }

    private static bool IsAt(Finding finding, Diagnostic diagnostic) =>
        diagnostic.Id == finding.Id
        && (
            NamePattern.Matches(finding.Place, diagnostic.Location.Symbol)
                || NamePattern.Matches(finding.Place, diagnostic.Location.Section));

    private void CheckOutput()
    {
        if (_case.NoChange)
        {
            if (_outcome.Output is not null)
            {
                _failures.Add("there is an output although nothing changed");
            }

            return;
        }

        if (_outcome.Output is not { } output)
        {
            _failures.Add("there is no output object");
            return;
        }

        foreach (var pattern in _case.Klp)
        {
            Require(_outcome.External.Any(name => NamePattern.Matches(pattern, name)), $"does not refer to the running kernel's {pattern}");
        }

        foreach (var pattern in _case.NoKlp)
        {
            Require(!_outcome.External.Any(name => NamePattern.Matches(pattern, name)), $"refers to the running kernel's {pattern}");
        }

        foreach (var pattern in _case.Defines)
        {
            Require(Defined(output, pattern).Any(), $"does not define {pattern}");
        }

        foreach (var pattern in _case.Local)
        {
            Require(
                Defined(output, pattern).Any() && Defined(output, pattern).All(static symbol => symbol.Binding == ElfSymbolBinding.Local),
                $"does not define {pattern} as local");
        }

        foreach (var pattern in _case.Lacks)
        {
            Require(
                !Defined(output, pattern).Any() && !_outcome.External.Any(name => NamePattern.Matches(pattern, name)), $"has {pattern}");
        }

        foreach (var text in _case.Strings)
        {
            var bytes = Encoding.Latin1.GetBytes(text + "\0");
            Require(
                output.Sections.Any(section => section.IsAllocated && section.Data.Span.IndexOf(bytes) >= 0),
                $"does not contain \"{text}\"");
        }

        foreach (var (name, count) in _case.Entries)
        {
            var bytes = SizeOf(output, name);
            Require(bytes == count * EntrySize(name), $"{name} has {bytes} bytes and not {count} entries of {EntrySize(name)}");
        }

        foreach (var (name, count) in _case.Bytes)
        {
            Require(SizeOf(output, name) == count, $"{name} has {SizeOf(output, name)} bytes and not {count}");
        }

        foreach (var (function, target, offset) in _case.Refers)
        {
            var found = Targets(output, function).ToList();
            Require(
                found.Exists(item => NamePattern.Matches(target, item.Name) && item.Offset == offset),
                $"{function} does not refer to {target}+{offset}, but to "
                    + $"{string.Join(", ", found.Select(static item => $"{item.Name}+{item.Offset}"))}");
        }

        foreach (var name in _case.Mcount)
        {
            CheckTracerCall(output, name);
        }
    }

    /// <summary>What a function's fields refer to, as the linker binds them: a field that counts from itself is the last one of its
    /// instruction.</summary>
    private static IEnumerable<(string Name, long Offset)> Targets(ElfObject output, string function)
    {
        foreach (var symbol in Defined(output, function))
        {
            foreach (var relocation in symbol.Section!.Relocations.Where(
                relocation => relocation.Offset >= symbol.Value && relocation.Offset < symbol.End))
            {
                var offset = relocation.Addend + (relocation.Type == X64RelocationType.Pc32 ? 4 : 0);
                if (relocation.Symbol.Type != ElfSymbolType.Section)
                {
                    yield return (PendingSymbolName.TryParse(relocation.Symbol.Name)?.Name ?? relocation.Symbol.Name, offset);
                }
                else if (output.Symbols.FirstOrDefault(other => other.Section == relocation.Symbol.Section && other.Type == ElfSymbolType.Object
                    && (long)other.Value <= offset && offset <= (long)other.End) is { } named)
                {
                    yield return (named.Name, offset - (long)named.Value);
                }
            }
        }
    }

    private static IEnumerable<ElfSymbol> Defined(ElfObject output, string pattern) =>
        output.Symbols.Where(
            symbol => symbol.Section is not null && symbol.Type != ElfSymbolType.Section && NamePattern.Matches(pattern, symbol.Name));

    private static int SizeOf(ElfObject output, string section) =>
        output.Sections.Where(candidate => candidate.Name == section).Sum(static candidate => (int)candidate.Size);

    private int EntrySize(string section) => section == "__mcount_loc"
        ? 8
        : StructOf.TryGetValue(section, out var structure) ? _case.StructSizes[structure] : 4;

    /// <summary>The table of sites must point at a five-byte call of the tracer in the function.</summary>
    private void CheckTracerCall(ElfObject output, string name)
    {
        var functions = Defined(output, name).ToList();
        foreach (var entry in output.Sections.Where(static section => section.Name == "__mcount_loc")
            .SelectMany(static section => section.Relocations))
        {
            var offset = entry.Symbol.Value + (ulong)entry.Addend;
            if (entry.Type == X64RelocationType.Abs64
                && functions.Any(function => function.Section == entry.Symbol.Section && offset >= function.Value && offset < function.End)
                && entry.Symbol.Section!.Data.Span[(int)offset] == 0xe8
                && entry.Symbol.Section.Relocations.Any(call => call.Offset == offset + 1 && IsTracer(call.Symbol.Name)))
            {
                return;
            }
        }

        _failures.Add($"__mcount_loc has no call of the tracer in {name}");
    }

    private static bool IsTracer(string name) => name.Split(',')[0].Split('.')[^1] == "__fentry__";

    private void Require(bool holds, string failure)
    {
        if (!holds)
        {
            _failures.Add(failure);
        }
    }
}
