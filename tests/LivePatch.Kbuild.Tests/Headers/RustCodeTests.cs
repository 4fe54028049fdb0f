using LivePatch.Kbuild.Database;
using LivePatch.Kbuild.Headers;
using LivePatch.Kernel;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Kbuild.Tests.Headers;

public sealed class RustCodeTests : IDisposable
{
    private const string Header = """
        #ifndef _H
        #define _H
        #define LIMIT 4 /* of all */
        #define twice(x) \
        	((x) * 2)
        struct point { int x; int y; };
        enum kind { KIND_A, KIND_B = 3 };
        typedef struct { int counter; } count_t;
        extern unsigned long ticks;
        int measure(struct point *p, int limit);
        static inline int half(int x) { return x / 2; }
        #endif
        """;

    private readonly TemporaryDirectory _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("#define LIMIT 4", "#define LIMIT 5", "LIMIT")]
    [InlineData("((x) * 2)", "((x) + (x))", "twice")]
    [InlineData("int y;", "int y; int z;", "point")]
    [InlineData("KIND_B = 3", "KIND_B = 4", "KIND_A KIND_B kind")]
    [InlineData("int counter", "long counter", "count_t")]
    [InlineData("unsigned long ticks", "unsigned int ticks", "ticks")]
    [InlineData("int limit);", "long limit);", "measure")]
    [InlineData("int measure(struct point *p, int limit);", "", "measure")]
    [InlineData("return x / 2;", "return x >> 1;", "")]
    [InlineData("/* of all */", "/* of them all */", "")]
    [InlineData("extern unsigned", "#define MORE 1\nint more(int);\nextern unsigned", "")]
    [InlineData("#ifndef _H", "#ifndef _I", "KIND_A KIND_B LIMIT _H count_t kind measure point ticks twice")]
    public void what_a_header_declares_otherwise(string from, string to, string names)
    {
        Assert.Contains(from, Header, StringComparison.Ordinal);
        Assert.Equal(
            names,
            string.Join(
                ' ', RustCode.ChangedNames(Header, Header.Replace(from, to, StringComparison.Ordinal)).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void new_headers_declare_nothing_otherwise_and_removed_ones_everything()
    {
        Assert.Empty(RustCode.ChangedNames(null, Header));
        Assert.Contains("measure", RustCode.ChangedNames(Header, null));
    }

    [Fact]
    public void rust_objects_are_told_from_others_whose_command_is_not_known()
    {
        foreach (var file in new[] { "rust/exports.c", "rust/kernel/lib.rs", "rust/bindings/bindings_helper.h", "drivers/phy/qr.rs", "drivers/phy/other.c", "certs/keys.S" })
        {
            Write(file, "");
        }

        var rust = Rust();
        Assert.Equal("rust/kernel.o drivers/phy/qr.o", string.Join(' ', Objects().Where(rust.Has).Select(static item => item.Path)));
        var reader = Assert.Single(rust.Bindings());
        Assert.Equal("rust/bindings/bindings_helper.h", reader.Source);
        Assert.Equal("gcc -Irust rust/exports.c", reader.Command);
    }

    [Fact]
    public void c_that_rust_code_calls_is_preprocessed_as_other_c_of_the_image()
    {
        Write("rust/helpers/helpers.c", "");
        Write("rust/kernel/lib.rs", "");
        const string Source = "rust/helpers/helpers.c";
        var helper = new KbuildObject("rust/helpers/helpers.o", "rust", Source, "rust_cc_library", null, [ObjectOwner.Vmlinux], false);
        KbuildObject Of(string path, string command, ObjectOwner owner) =>
            new(path + ".o", "x", path + ".c", "cc_o_c", new CompileCommand(path + ".o", command), [owner], false);
        var rust = new RustCode(_tree.Path,
        [
            helper, .. Objects(), Of("x/long", "gcc -DMORE -DEVEN_MORE -c -o x/long.o x/long.c", ObjectOwner.Vmlinux),
            Of("x/core", "gcc -Iinclude -c -o x/core.o x/core.c", ObjectOwner.Vmlinux),
            Of("x/m", "gcc -o x/m.o x/m.c", ObjectOwner.Module("x/m.ko")),
        ]);

        Assert.Equal(
            new HeaderObject(helper.Path, Source, "gcc -Iinclude -c -o x/core.o rust/helpers/helpers.c"), rust.AsHelper(helper));
        Assert.Equal(["rust/helpers/helpers.o"], Objects().Append(helper).Where(rust.IsHelper).Select(static item => item.Path));
        Assert.All(Objects(), item => Assert.Null(rust.AsHelper(item)));
        Assert.Null(Rust().AsHelper(helper));
    }

    [Fact]
    public void without_rust_objects_nothing_is_searched()
    {
        Write("rust/bindings/bindings_helper.h", "");
        Write("drivers/phy/qr.c", "");
        Assert.Empty(
            new RustCode(_tree.Path, [.. Objects().Where(static item => !item.Path.StartsWith("rust/kernel", StringComparison.Ordinal))])
                .Bindings());
    }

    [Fact]
    public void a_use_is_found_in_the_library_and_beside_a_driver_s_object()
    {
        Write("rust/kernel/time.rs", "fn f() -> c_int { bindings::measure(p, bindings::LIMIT as _) }");
        Write("drivers/phy/qr.rs", "use kernel::bindings::ticks;");
        Write("samples/rust/x.rs", "bindings::twice");

        Assert.Equal(("rust/kernel/time.rs", "LIMIT"), Rust().FindUse([Changed("LIMIT 4", "LIMIT 5")]));
        Assert.Equal(("drivers/phy/qr.rs", "ticks"), Rust().FindUse([Changed("unsigned long ticks", "long ticks")]));
        Assert.Null(Rust().FindUse([Changed("((x) * 2)", "((x) + (x))")]));
    }

    private static (string? Before, string? After) Changed(string from, string to) =>
        (Header, Header.Replace(from, to, StringComparison.Ordinal));

    private static List<KbuildObject> Objects() =>
    [
        Object(
            "rust/exports.o",
            "rust/exports.c",
            "gcc -Irust rust/exports.c"), Object("rust/kernel.o", null, null), Object("drivers/phy/qr.o", null, null),
        Object("drivers/phy/other.o", "drivers/phy/other.c", "gcc drivers/phy/other.c"), Object("certs/keys.o", null, null),
    ];

    private static KbuildObject Object(string path, string? source, string? command) =>
        new(
            path,
            Path.GetDirectoryName(path)!,
            source,
            source is null ? null : "cc_o_c",
            command is null ? null : new CompileCommand(path, command),
            [],
            false);

    private RustCode Rust() => new(_tree.Path, Objects());

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_tree.File(file))!);
        File.WriteAllText(_tree.File(file), text);
    }
}
