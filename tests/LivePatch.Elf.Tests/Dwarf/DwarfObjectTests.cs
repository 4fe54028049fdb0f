using LivePatch.Elf.Dwarf;

namespace LivePatch.Elf.Tests.Dwarf;

public sealed class DwarfObjectTests
{
    private const string Source = """
        extern int emit(const char *, int);
        struct pair { int a; };
        static inline int helper(int v) { static int last; last += v; return emit("x", last); }
        unsigned int
        work(const struct pair *pair, unsigned long n, char **names)
        {
            static const struct pair *last;
            if (last) emit("y", last->a);
            last = pair;
            return helper(
                (int)n);
        }
        __attribute__((cold, noreturn)) void die(void);
        int split(int v, ...) { if (v > 3) { emit("z", v); die(); } return emit("w", v); }
        """;

    public static TheoryData<string, string> Compilers => new()
    {
        { "gcc", "-gdwarf-4" }, { "gcc", "-gdwarf-5" }, { "clang", "-gdwarf-4" }, { "clang", "-gdwarf-5" },
    };

    [Theory]
    [MemberData(nameof(Compilers))]
    public void static_locals_are_told_with_the_function_they_are_declared_in(string compiler, string debug)
    {
        var information = Read(compiler, debug);

        // clang leaves the name of a function out that was inlined.
        Assert.Equal(
            [
                (compiler == "clang" ? string.Empty : "helper", "last", "int32", "int", 3),
                ("work", "last", "struct pair*", "const struct pair *", 7)],
            information.PlacedVariables.OrderBy(static variable => variable.Function, StringComparer.Ordinal)
                .Select(
                    static variable =>
                        (variable.Function ?? string.Empty, variable.Name, variable.Type, variable.TypeText, variable.Line)));
        Assert.Equal(2, information.PlacedVariables.Select(static variable => (variable.Section, variable.Offset)).Distinct().Count());
        Assert.Superset(new HashSet<string> { "helper", "work", "split" }, information.FunctionNames.ToHashSet());
    }

    /// <summary>Also those that are inlined everywhere end the lines of the one before them.</summary>
    [Theory]
    [MemberData(nameof(Compilers))]
    public void functions_are_told_with_their_lines(string compiler, string debug)
    {
        const string source = "static inline int first(int x)\n{\n\treturn x * 3;\n}\n\nint second(int x)\n{\n\treturn first(x) + 1;\n}\n\n"
            + "static inline int third(int x)\n{\n\treturn x * 5;\n}\n\nint fourth(int x)\n{\n\treturn third(x) + 2;\n}\n";
        using var compiled = CompiledSource.C(source, compiler, "-O2", debug);
        var functions = new DwarfObject(compiled.Read()).PlacedFunctions.ToDictionary(static function => function.Name);
        Assert.Equal(6, functions["second"].FirstLine);

        // clang says nothing of what it has inlined everywhere where that is simple.
        Assert.True(functions["second"].LastLine is 10 || (functions["second"].LastLine is 15 && compiler == "clang"));
        Assert.Equal((16, int.MaxValue - 1), (functions["fourth"].FirstLine, functions["fourth"].LastLine));
    }

    [Theory]
    [MemberData(nameof(Compilers))]
    public void functions_are_told_with_their_prototypes(string compiler, string debug)
    {
        var functions = Read(compiler, debug).PlacedFunctions.ToDictionary(static function => function.Name, StringComparer.Ordinal);
        Assert.Equal(
            "unsigned int work(const struct pair *pair, unsigned long n, char **names)",
            functions["work"].Prototype.Replace("long unsigned int", "unsigned long", StringComparison.Ordinal));
        Assert.Equal("uint32(struct pair*,uint64,int8**)", functions["work"].Meaning);
        Assert.Equal("int32(int32,...)", functions["split"].Meaning);
        Assert.Equal(".text.work", functions["work"].Section.Name);
        Assert.Equal(".text.split", functions["split"].Section.Name);
    }

    [Theory]
    [MemberData(nameof(Compilers))]
    public void code_has_the_lines_it_comes_from(string compiler, string debug)
    {
        using var compiled = CompiledSource.C(Source, compiler, "-O2", debug, "-ffunction-sections", "-fdata-sections");
        var file = compiled.Read();
        var lines = new DwarfObject(file).Lines!;
        var work = file.FindSection(".text.work")!;
        var all = Enumerable.Range(0, (int)work.Size).SelectMany(offset => lines.At(work, (ulong)offset)).ToHashSet();

        // The store in line 9, the inlined helper in line 3, and the call it was inlined through.
        Assert.Superset(new HashSet<int> { 3, 9, 10 }, all);
        Assert.DoesNotContain(14, all);
        Assert.Contains(
            work.Relocations.Where(static relocation => relocation.Symbol.Name == "emit"),
            relocation => lines.At(work, relocation.Offset - 1).ToHashSet().IsSupersetOf([3, 10]));
        Assert.Equal(9, lines.NextLine(work, 8));
    }

    private static DwarfObject Read(string compiler, string debug)
    {
        using var compiled = CompiledSource.C(Source, compiler, "-O2", debug, "-ffunction-sections", "-fdata-sections");
        return new DwarfObject(compiled.Read());
    }
}
