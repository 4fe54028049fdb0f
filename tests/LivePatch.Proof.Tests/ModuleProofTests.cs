using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.ProofRuns;
using Xunit;

namespace LivePatch.Proof.Tests;

/// <summary>A good module is proved; the same with one thing broken is refused, with both meanings.</summary>
public sealed class ModuleProofTests
{
    [Fact]
    public void a_good_module_is_proved_and_everything_in_it_was_looked_at()
    {
        var kernel = SmallKernel.Shared;
        var result = kernel.Prove(kernel.Module);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(2, result.Replaced);
        Assert.Equal(3, result.Functions);
        Assert.True(result.References > 20, $"{result.References} references");
        Assert.True(result.Literals >= 2, $"{result.Literals} literals");
        Assert.True(result.Tables >= 6, $"{result.Tables} entries");
        Assert.True(result.Positions >= 1, "the position of twin was confirmed");
        Assert.Contains(result.Private, static item => item is { Name: "fresh", Reason: "new" });
        Assert.Contains(result.Private, static item => item is { Name: "fresh_count", Reason: "new" });
        Assert.Empty(result.Unconfirmed);
    }

    [Fact]
    public void a_thousand_random_breaks_are_caught_or_explained()
    {
        var kernel = SmallKernel.Shared;
        var totals = new MutationTotals();
        var options = new RunOptions { Release = string.Empty, Cache = string.Empty, Modules = [], Mutations = 1000, Seed = 20 };
        MutationCampaign.Run(kernel.Module, "livepatch.ko", kernel.Objects, kernel, options, totals);
        Assert.Equal(1000, totals.Made);
        Assert.True(totals.Caught > 700, totals.Report());
        Assert.True(totals.Missed == 0, totals.Report());
    }

    [Fact]
    public void an_instruction_that_differs_is_told_with_both()
    {
        var found = Broken("LP0750", builder => Change(builder, ".text.work", bytes => bytes[5] ^= 1));
        Assert.Contains("The patched object has", found, StringComparison.Ordinal);
    }

    [Fact]
    public void a_call_of_another_function_is_refused_with_both_names()
    {
        var found = Broken("LP0751", builder =>
            Swap(builder, ".text.work", static entry => entry.Symbol?.Name == ".klp.sym.vmlinux.helper,0", static entry =>
                entry.Symbol?.Name == "say"));
        Assert.Contains("helper", found, StringComparison.Ordinal);
        Assert.Contains("say", found, StringComparison.Ordinal);
    }

    [Fact]
    public void a_branch_that_the_assembler_filled_in_must_lead_to_the_kernels_function() =>
        _ = Broken("LP0751", builder => Drop(builder, ".text.waiting", static entry =>
            entry.Symbol?.Name.Contains("sleeps", StringComparison.Ordinal) == true));

    [Fact]
    public void another_addend_is_another_address() =>
        _ = Broken("LP0751", builder => Adjust(builder, ".text.work", static entry =>
            entry.Symbol?.Name.Contains("shared_state", StringComparison.Ordinal) == true, 4));

    [Fact]
    public void a_literal_is_compared_as_a_whole() =>
        _ = Broken("LP0752", builder => ChangeText(builder, "work now says %d and %s\n", 1));

    [Fact]
    public void what_lies_before_the_place_a_reference_leads_to_counts_too()
    {
        const string before = "extern int say(const char *t, ...);\nint work(int x, int *p) { return say(\"\" + 0) + x; }\n";
        const string after = "extern int say(const char *t, ...);\nint work(int x, int *p) { return say(&\"livepatched\"[5], x) + x; }\n";
        using var kernel = SmallKernel.Make(before, after);
        Assert.Empty(kernel.Prove(kernel.Module).Diagnostics);
        Assert.Contains(kernel.Prove(Edit(kernel.Module, static builder => ChangeText(builder, "livepatched", 1))).Diagnostics,
            static item => item.Id == "LP0752");
    }

    [Fact]
    public void a_row_of_a_table_that_is_missing_is_refused()
    {
        var found = Broken("LP0753", static builder =>
        {
            var table = builder.Sections.First(static section => section.Name == "__bug_table");
            builder.Sections.First(section => section.Target == table).Relocations.Clear();
            table.Data = ReadOnlyMemory<byte>.Empty;
        });
        Assert.Contains("__bug_table", found, StringComparison.Ordinal);
    }

    [Fact]
    public void replacement_code_is_compared() => _ = Broken("LP0750", static builder =>
        Change(builder, ".altinstr_replacement", static bytes => bytes[2] ^= 8));

    [Fact]
    public void the_kernels_variable_may_not_become_the_modules() =>
        _ = Broken("LP0754", static builder =>
        {
            // The array gets a second life in the module, with the very values it begins with.
            var data = builder.AddSection(".data.values", ElfConstants.ShtProgbits);
            (data.Flags, data.Alignment) = (ElfConstants.ShfAlloc | ElfConstants.ShfWrite, 32);
            data.Data = Enumerable.Range(1, 8).SelectMany(static value => BitConverter.GetBytes(value)).ToArray();
            var symbol = builder.AddSymbol("values");
            (symbol.Section, symbol.Type, symbol.Size, symbol.Binding) = (data, ElfSymbolType.Object, 32, ElfSymbolBinding.Global);
            foreach (var late in builder.Sections.Where(static section => section.Name == ".klp.rela.vmlinux..text.work").ToList())
            {
                var plain = builder.Sections.First(section => section.Type == ElfConstants.ShtRela && section.Target == late.Target
                    && section != late);
                var moved = late.Relocations.Where(static entry => entry.Symbol?.Name == ".klp.sym.vmlinux.values,0").ToList();
                Assert.NotEmpty(moved);
                late.Relocations.RemoveAll(moved.Contains);
                plain.Relocations.AddRange(moved.Select(entry => entry with { Symbol = symbol }));
            }
        });

    [Fact]
    public void a_row_of_klp_func_names_a_function_whose_code_its_target_is() =>
        _ = Broken("LP0755", static builder => ChangeText(builder, "waiting", 0));

    [Fact]
    public void a_row_that_leads_past_the_beginning_is_refused() =>
        _ = Broken("LP0755", static builder => Adjust(builder, ".data.funcs", static entry => entry.Symbol?.Section is { } section
            && (section.Flags & ElfConstants.ShfExecinstr) != 0, 4));

    [Fact]
    public void the_other_one_of_equal_names_is_refused_by_what_the_kernels_code_says()
    {
        var found = Broken("LP0756", static builder =>
        {
            var symbol = builder.Symbols.First(static symbol => symbol.Name.StartsWith(".klp.sym.vmlinux.twin,", StringComparison.Ordinal));
            symbol.Name = symbol.Name.EndsWith(",1", StringComparison.Ordinal) ? ".klp.sym.vmlinux.twin,2" : ".klp.sym.vmlinux.twin,1";
        });
        Assert.Contains("0xffffffff81", found, StringComparison.Ordinal);
    }

    [Fact]
    public void code_that_stands_for_nothing_is_refused() =>
        _ = Broken("LP0757", static builder =>
        {
            var code = builder.AddSection(".text.stray", ElfConstants.ShtProgbits);
            (code.Flags, code.Data) = (ElfConstants.ShfAlloc | ElfConstants.ShfExecinstr, new byte[] { 0x31, 0xc0, 0xc3 });
            var symbol = builder.AddSymbol("stray");
            (symbol.Section, symbol.Type, symbol.Size) = (code, ElfSymbolType.Function, 3);
        });

    [Fact]
    public void code_that_is_not_loaded_as_code_is_refused() =>
        _ = Broken("LP0758", static builder => builder.Sections.First(static section =>
            section.Name == ".text.work").Flags &= ~ElfConstants.ShfExecinstr);

    [Fact]
    public void a_livepatch_symbol_that_nobody_resolves_is_refused() =>
        _ = Broken("LP0759", static builder => builder.Sections.First(static section =>
            section.Name == ".klp.rela.vmlinux..text.work").Flags &= ~ElfConstants.ShfRelaLivepatch);

    [Fact]
    public void code_that_cannot_be_cut_into_instructions_is_told()
    {
        const string before = "int work(int x, int *p) { return x; }\n";
        const string after = "int work(int x, int *p) { return x + 1; }\n";
        using var kernel = SmallKernel.Make(before, after);
        var patched = ElfObjectBuilder.From(kernel.Objects[0].Patched);
        Change(patched, ".text.work", static bytes => bytes.AsSpan()[^2..].Fill(0x06));
        var broken = patched.ToArray();
        var file = ElfObject.Read(broken, "work.o");
        using var module = ElfObject.Read(kernel.Module, "livepatch.ko");
        Assert.Contains(ModuleProof.Prove(module, [kernel.Objects[0] with { Patched = file }], kernel).Diagnostics, static item => item.Id == "LP0760");
    }

    private static string Broken(string id, Action<ElfObjectBuilder> change)
    {
        var kernel = SmallKernel.Shared;
        var result = kernel.Prove(Edit(kernel.Module, change));
        Assert.False(result.IsProved);
        return Assert.Single(result.Diagnostics.Select(static item => (item.Id, item.Text)).Where(item => item.Id == id).Take(1)).Text;
    }

    private static byte[] Edit(byte[] module, Action<ElfObjectBuilder> change)
    {
        using var elf = ElfObject.Read(module, "livepatch.ko");
        var builder = ElfObjectBuilder.From(elf);
        change(builder);
        return builder.ToArray();
    }

    private static void Change(ElfObjectBuilder builder, string section, Action<byte[]> change)
    {
        var draft = builder.Sections.First(item => item.Name == section);
        var bytes = draft.Data.ToArray();
        change(bytes);
        draft.Data = bytes;
    }

    private static void ChangeText(ElfObjectBuilder builder, string text, int at)
    {
        var wanted = System.Text.Encoding.ASCII.GetBytes(text + "\0");
        foreach (var section in builder.Sections.Where(static section => (section.Flags & ElfConstants.ShfAlloc) != 0))
        {
            var bytes = section.Data.ToArray();
            var found = bytes.AsSpan().IndexOf(wanted);
            if (found >= 0)
            {
                bytes[found + at] ^= 1;
                section.Data = bytes;
                return;
            }
        }

        Assert.Fail($"no literal '{text}' in the module");
    }

    private static IEnumerable<ElfSectionDraft> Relas(ElfObjectBuilder builder, string section) =>
        builder.Sections.Where(item => item.Type == ElfConstants.ShtRela && item.Target?.Name == section);

    private static void Drop(ElfObjectBuilder builder, string section, Predicate<ElfRelocationDraft> which) =>
        Assert.True(Relas(builder, section).Sum(rela => rela.Relocations.RemoveAll(which)) > 0);

    private static void Adjust(ElfObjectBuilder builder, string section, Predicate<ElfRelocationDraft> which, long distance)
    {
        foreach (var rela in Relas(builder, section))
        {
            var index = rela.Relocations.FindIndex(which);
            if (index >= 0)
            {
                rela.Relocations[index] = rela.Relocations[index] with { Addend = rela.Relocations[index].Addend + distance };
                return;
            }
        }

        Assert.Fail($"no such relocation of {section}");
    }

    private static void Swap(ElfObjectBuilder builder, string section, Predicate<ElfRelocationDraft> late,
        Predicate<ElfRelocationDraft> plain)
    {
        // The places change their targets and keep to the sections their symbols need.
        var from = Relas(builder, section).First(rela => rela.Relocations.Exists(late));
        var to = Relas(builder, section).First(rela => rela.Relocations.Exists(plain));
        var (first, second) = (from.Relocations.FindIndex(late), to.Relocations.FindIndex(plain));
        var (left, right) = (from.Relocations[first], to.Relocations[second]);
        from.Relocations[first] = left with { Offset = right.Offset };
        to.Relocations[second] = right with { Offset = left.Offset };
    }
}
