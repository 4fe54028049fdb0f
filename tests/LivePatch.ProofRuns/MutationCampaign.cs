using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Proof;

namespace LivePatch.ProofRuns;

/// <summary>Breaks a good module many times, and asks each time whether it was noticed. What was not must be explained by a
/// rule.</summary>
internal static class MutationCampaign
{
    public static void Run(byte[] good, string name, IReadOnlyList<ProofObject> objects, IProofTarget target, RunOptions options,
        MutationTotals totals)
    {
        var random = new Random(unchecked((options.Seed * 1_000_003) + name.Sum(static c => c) + name.Length));
        using var module = ElfObject.Read(good, name);
        var claims = ModuleProof.ProveWithClaims(module, objects, target).Claims;
        var meaning = LoadedMeaning.Of(module, target.Architecture);
        for (var made = 0; made < options.Mutations;)
        {
            if (ModuleBreaker.Apply(module, random, target.Catalog, target.Architecture) is not var (bytes, broken))
            {
                continue;
            }

            made++;
            using var changed = ElfObject.TryRead(bytes, name, new DiagnosticBag());
            var isCaught = changed is null || !ModuleProof.Prove(changed, objects, target).IsProved;
            totals.Add(broken.Kind, isCaught);
            if (isCaught)
            {
                continue;
            }

            if (Rule(module, changed!, broken, meaning, claims, target) is { } rule)
            {
                totals.Explain(rule);
            }
            else
            {
                totals.MissedBreaks.Add($"{name}: {broken.Kind}: {broken.Text}");
            }
        }
    }

    /// <summary>The rule by which a break that was not noticed does no harm; null when there is none.</summary>
    private static string? Rule(ElfObject module, ElfObject changed, Break broken, List<string> meaning, IReadOnlyList<ProofClaim> claims,
        IProofTarget target)
    {
        if (LoadedMeaning.Of(changed, target.Architecture).SequenceEqual(meaning))
        {
            return "the loaded module is the same: another name or way to write the same address, or a symbol that nothing goes by";
        }

        if (broken.Section.Length == 0)
        {
            return RuleOfSymbol(module, changed, claims, target);
        }

        var section = module.Sections.FirstOrDefault(item => item.Name == broken.Section && item.IsAllocated);
        if (section is null)
        {
            return null;
        }

        if (section.Name.StartsWith(".init", StringComparison.Ordinal) || section.Name.StartsWith(".exit", StringComparison.Ordinal))
        {
            return "the module's own init and exit code, which is no object's";
        }

        if (target.Catalog.Find(section.Name) is { IsOptional: true })
        {
            return "an optional table";
        }

        if (broken.Kind == "a section's flags")
        {
            return claims.Any(claim => claim.Section == section.Index) ? "flags that ask for no more and no less of the loader"
                : $"nothing proved lies in the section ({section.Name})";
        }

        return claims.Any(claim => claim.Section == section.Index && broken.Offset >= claim.Start && broken.Offset < claim.End) ? null
            : section.Name is ".orc_unwind" or ".orc_unwind_ip"
                ? "unwind entries that the object has not: made by objtool at the module's link, or of the module's own code"
            : $"no function or variable of an object lies there ({section.Name})";
    }

    /// <summary>A livepatch symbol's name: it may mean the same, or be for the module's own source alone.</summary>
    private static string? RuleOfSymbol(ElfObject module, ElfObject changed, IReadOnlyList<ProofClaim> claims, IProofTarget target)
    {
        var index = Enumerable.Range(0, module.Symbols.Count).First(at => module.Symbols[at].Name != changed.Symbols[at].Name);
        var isUsed = module.Sections.Where(static section => section.IsAllocated && !section.IsRela)
            .SelectMany(section => section.Relocations.Select(relocation => (section, relocation)))
            .Any(item => item.relocation.Symbol.Index == index
                && claims.Any(claim => claim.Section == item.section.Index && (long)item.relocation.Offset >= claim.Start
                    && (long)item.relocation.Offset < claim.End));
        if (!isUsed)
        {
            return "a livepatch symbol that the module's own source alone uses";
        }

        var (before, after) = (module.Symbols[index].Name, changed.Symbols[index].Name);
        var (name, other) = (before[..before.LastIndexOf(',')], after[..after.LastIndexOf(',')]);
        var known = name.Split('.', 5) is [_, _, _, "vmlinux", var symbol] ? target.Symbols.Count(symbol)
            : name.Split('.', 5) is [_, _, _, var owner, var inModule] ? target.FindModule(owner)?.Symbols.Count(inModule) ?? 0 : 0;
        return name == other && known == 1 && before[^2..] is ",0" or ",1" && after[^2..] is ",0" or ",1"
            ? "position 1 of a name that there is once" : null;
    }
}
