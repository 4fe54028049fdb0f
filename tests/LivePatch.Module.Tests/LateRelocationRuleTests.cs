using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Elf.Writing;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;
using LivePatch.Module.PostLink;
using LivePatch.Module.Verify;
using Xunit;

namespace LivePatch.Module.Tests;

/// <summary>Addresses written late must not meet what the kernel did at load. The module's code is two calls of five bytes.</summary>
public sealed class LateRelocationRuleTests
{
    [Fact]
    public void a_plain_call_may_be_late() => Assert.DoesNotContain("LP0707", Ids(Late(static _ => { })));

    [Theory]
    [InlineData(5ul, true)]
    [InlineData(0ul, false)]
    public void a_static_call_site_may_not(ulong site, bool isHit) =>
        Assert.Equal(isHit, Ids(Late(builder => AddTable(builder, ".static_call_sites", 8, site, []))).Contains("LP0707"));

    [Theory]
    [InlineData(0ul, 7, true)]
    [InlineData(0ul, 6, false)]
    public void an_alternative_covers_what_its_entry_says(ulong site, byte length, bool isHit) =>
        Assert.Equal(isHit, Ids(Late(builder => AddTable(builder, ".altinstructions", 12, site, [(10, length)]))).Contains("LP0707"));

    [Theory]
    [InlineData("ext4", 1)]
    [InlineData("vmlinux", 2)]
    public void a_late_call_is_not_counted_and_the_other_stays_listed(string owner, int entries)
    {
        var module = Make(owner, static builder =>
        {
            var rela = AddTable(builder, ".call_sites", 8, 5, []);
            rela.Relocations.Add(rela.Relocations[0] with { Offset = 4, Addend = 0 });
        });
        Assert.DoesNotContain("LP0707", Ids(module));
        var table = ElfObject.Read(module, "test.ko").Sections.Single(static section => section.Name == ".call_sites");
        Assert.Equal(entries * 4, table.Data.Length);
        Assert.Equal(
            entries == 1 ? [(0ul, 0L)] : [(0ul, 5L), (4ul, 0L)],
            table.Relocations.Select(static entry => (entry.Offset, entry.Addend)).Order());
    }

    [Fact]
    public void a_bug_table_only_names_its_place() =>
        Assert.DoesNotContain("LP0707", Ids(Late(static builder => AddTable(builder, "__bug_table", 12, 5, []))));

    [Fact]
    public void a_table_itself_may_not_hold_late_addresses() => Assert.Contains("LP0707", Ids(Late(static builder =>
    {
        var table = AddTable(builder, ".static_call_sites", 8, 0, []);
        var pending = builder.Symbols.Single(static symbol => symbol.Name.StartsWith(".klp.pending", StringComparison.Ordinal));
        table.Relocations.Add(new ElfRelocationDraft(4, X64RelocationType.Pc32, pending, 0));
    })));

    [Fact]
    public void vmlinux_addresses_come_before_all_that() => Assert.DoesNotContain(
        "LP0707", Ids(Make("vmlinux", static builder => AddTable(builder, ".static_call_sites", 8, 5, []))));

    [Fact]
    public void a_position_that_moves_is_refused() =>
        Assert.Contains(
            "LP0708",
            ModuleVerifier.Verify(ElfObject.Read(Late(static _ => { }), "test.ko"), new FakeTarget { Steady = false }, Architectures.X64)
                .Select(static item => item.Id));

    private static IReadOnlyList<string> Ids(byte[] module) =>
        [.. ModuleVerifier.Verify(ElfObject.Read(module, "test.ko"), new FakeTarget(), Architectures.X64).Select(static item => item.Id)];

    private static byte[] Late(Action<ElfObjectBuilder> change) => Make("ext4", change);

    private static byte[] Make(string owner, Action<ElfObjectBuilder> change)
    {
        var builder = ElfObjectBuilder.From(ElfObject.Read(LinkedModule.Make(owner, owner), "test.ko"));
        change(builder);
        return PostLinker.TryConvert(ElfObject.Read(builder.ToArray(), "test.ko"), [])!;
    }

    private static ElfSectionDraft AddTable(ElfObjectBuilder builder, string name, int size, ulong site, (int Offset, byte Value)[] bytes)
    {
        var table = builder.AddSection(name, ElfConstants.ShtProgbits);
        table.Flags = ElfConstants.ShfAlloc;
        var data = new byte[size];
        foreach (var (offset, value) in bytes)
        {
            data[offset] = value;
        }

        table.Data = data;
        var rela = builder.AddRelocationSection(table);
        rela.Relocations.Add(
            new ElfRelocationDraft(0, X64RelocationType.Pc32, builder.Symbols.Single(static symbol => symbol.Name == "work"), (long)site));
        return rela;
    }
}
