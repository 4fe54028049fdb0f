using LivePatch.Elf.Dwarf;

namespace LivePatch.Elf.Tests.Dwarf;

public sealed class DwarfTypesTests
{
    private const string Source = """
        typedef struct { int counter; } atomic;
        enum state { OFF, ON = 5, LAST = -1 };
        struct inner { char a; long b; };
        struct outer {
            int first;
            struct inner in[3];
            union { short s; struct { char c; int d; }; } ;
            struct { char x; void *p; } named;
            unsigned low : 3, high : 7;
            enum state state;
            atomic count;
            char tail[];
        };
        struct outer *g;
        struct inner i;
        struct never_defined *n;
        long f(void) { struct local { long v; } l = { 1 }; return l.v + i.b + g->high; }
        """;

    [Theory]
    [InlineData("gcc", "-gdwarf-2")]
    [InlineData("gcc", "-gdwarf-3")]
    [InlineData("gcc", "-gdwarf-4")]
    [InlineData("gcc", "-gdwarf-5")]
    [InlineData("gcc", "-gdwarf-5", "-gz=zlib")]
    [InlineData("gcc", "-gdwarf-4", "-fdata-sections", "-ffunction-sections", "-O2")]
    [InlineData("clang", "-gdwarf-4")]
    [InlineData("clang", "-gdwarf-5")]
    public void layouts_are_what_the_compiler_says(string compiler, params string[] flags)
    {
        using var compiled = CompiledSource.C(Source, compiler, flags);
        var types = Types(compiled.Read(), out var reason);
        Assert.True(types is not null, reason);
        var outer = Assert.Single(types, static type => type.Name == "struct outer");
        Assert.Equal(96, outer.Size);
        Assert.Null(outer.Function);
        Assert.Equal(
            [
                ("first", 0, 32, null), ("in", 64, 384, "struct inner"), ("s", 448, 16, null), ("c", 448, 8, null), ("d", 480, 32, null),
                ("named", 512, 128, null), ("named.x", 512, 8, null), (
                    "named.p", 576, 64, null), ("low", 640, 3, null), ("high", 643, 7, null),
                ("state", 672, 32, null), ("count", 704, 32, null), ("count.counter", 704, 32, null), ("tail", 736, 0, null),
            ],
            outer.Fields.Select(static field => (field.Name, (int)field.BitOffset, (int)field.BitSize, field.Aggregate)));
        Assert.Equal(16, Assert.Single(types, static type => type.Name == "struct inner").Size);
        Assert.Equal("f", Assert.Single(types, static type => type.Name == "struct local").Function);
        Assert.DoesNotContain(types, static type => type.Name == "struct never_defined");
        Assert.Equal(
            [("counter", 0L)],
            Assert.Single(types, static type => type.Name == "atomic").Fields.Select(static field => (field.Name, field.BitOffset)));
        var state = Assert.Single(types, static type => type.Name == "enum state");
        Assert.Equal([("OFF", 0), ("ON", 5)], state.Values.Take(2).Select(static value => (value.Name, (int)value.Value)));
    }

    [Fact]
    public void an_object_without_debugging_information_gives_none()
    {
        using var compiled = CompiledSource.C(Source);
        Assert.Null(Types(compiled.Read(), out var reason));
        Assert.Contains("no debugging information", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void damaged_information_gives_a_reason_and_no_exception()
    {
        using var compiled = CompiledSource.C(Source, "gcc", "-gdwarf-5");
        var good = compiled.Read();
        var info = good.FindSection(".debug_info")!;
        var abbreviations = good.FindSection(".debug_abbrev")!;
        var random = new Random(12345);
        var refused = 0;
        for (var round = 0; round < 2000; round++)
        {
            var bytes = compiled.Bytes;
            var section = round % 2 == 0 ? info : abbreviations;
            bytes[(int)section.Offset + random.Next((int)section.Size)] ^= (byte)(1 << random.Next(8));
            refused += Types(ElfObject.Read(bytes, "x.o"), out _) is null ? 1 : 0;
        }

        Assert.InRange(refused, 1, 2000);
    }

    private static IReadOnlyList<TypeLayout>? Types(ElfObject file, out string? reason)
    {
        var information = new DwarfObject(file);
        var types = information.Types;
        reason = information.Problem;

        // Whatever is damaged, nothing throws.
        _ = information.PlacedVariables;
        _ = information.PlacedFunctions;
        _ = information.Lines;
        return types;
    }
}
