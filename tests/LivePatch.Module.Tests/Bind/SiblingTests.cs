using LivePatch.Module.Bind;
using Xunit;

namespace LivePatch.Module.Tests.Bind;

public sealed class SiblingTests
{
    private const string NoInline = "__attribute__((noinline))";

    private const string Caller = """
        int exported(int);
        #ifdef PATCHED
        int added(int);
        int caller(int x) { return exported(added(x)) + 1; }
        #else
        int caller(int x) { return exported(x) + 1; }
        #endif
        """;

    private const string Definer = """
        int exported(int);
        #ifdef PATCHED
        int added(int x) { return exported(x) * 3; }
        #endif
        int other(int x) { return exported(x); }
        """;

    private const string Override = """
        int exported(int);
        #ifdef PATCHED
        int user(int x) { return exported(x) + 1; }
        #else
        __attribute__((noinline)) int arch_hook(int x) { return exported(x) * 3; }
        int user(int x) { return arch_hook(x) + 1; }
        #endif
        """;

    [Fact]
    public void a_removed_function_that_other_files_go_on_calling_was_an_override()
    {
        var refusal =
            Assert.Single(
                new SiblingScene()
                    .Add("vmlinux", "arch/a.o", Override)
                    .Removals("user:arch_hook", "elsewhere:arch_hook", "third:arch_hook"));
        Assert.Equal(("LP0640", "arch_hook"), (refusal.Id, refusal.Location.Symbol));
        Assert.Contains("elsewhere, third in other files", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void an_override_that_becomes_static_is_one_that_goes()
    {
        const string Hidden = """
            int exported(int);
            #ifdef PATCHED
            static
            #endif
            __attribute__((noinline)) int arch_hook(int x) { return exported(x) * 3; }
            int user(int x) { return arch_hook(x) + arch_hook(x + 1); }
            """;
        Assert.Equal("LP0640", Assert.Single(new SiblingScene().Add("vmlinux", "arch/a.o", Hidden).Removals("elsewhere:arch_hook")).Id);
    }

    [Fact]
    public void a_removed_function_whose_callers_are_all_patched_only_stays()
    {
        Assert.Empty(new SiblingScene().Add("vmlinux", "arch/a.o", Override).Removals("user:arch_hook", "elsewhere:exported"));
        const string Other = """
            int arch_hook(int), exported(int);
            #ifdef PATCHED
            int elsewhere(int x) { return exported(x); }
            #else
            int elsewhere(int x) { return arch_hook(x); }
            #endif
            """;
        Assert.Empty(new SiblingScene().Add("vmlinux", "arch/a.o", Override).Add("vmlinux", "b.o", Other).Removals("elsewhere:arch_hook"));
        Assert.Single(new SiblingScene().Add("vmlinux", "arch/a.o", Override).Add("module", "b.o", Other).Removals("elsewhere:arch_hook"));
    }

    [Theory]
    [InlineData("vmlinux", "vmlinux")]
    [InlineData("one", "one")]
    [InlineData("one", "vmlinux")]
    [InlineData("vmlinux", "one")]
    [InlineData("one", "two")]
    public void a_new_function_of_one_object_is_used_from_another(string user, string definer)
    {
        using var linked = new SiblingScene().Add(user, "a.o", Caller).Add(definer, "b.o", Definer).Link();
        Assert.NotNull(linked);
        Assert.Contains("klp_shared_1_added", SiblingScene.TargetsOf(linked, "caller"));
        Assert.NotNull(linked.FindSymbols("klp_shared_1_added").Single().Section);
    }

    [Fact]
    public void an_object_of_two_modules_is_bound_to_each()
    {
        const string shared = """
            int exported(int);
            static int state;
            #ifdef PATCHED
            int added(int x) { return exported(x) * 3; }
            int common(int x) { return exported(x + state) + 2; }
            #else
            int common(int x) { return exported(x + state) + 1; }
            #endif
            int other(int x) { state = x; return exported(x); }
            """;
        using var linked = new SiblingScene()
            .Add("one", "c.o", shared)
            .Add("two", "c.o", shared)
            .Add("one", "a.o", Caller)
            .Add("two", "b.o", Caller)
            .Link();
        Assert.NotNull(linked);
        Assert.Equal(["exported", "one.state"], SiblingScene.TargetsOf(linked, "klp_new_0_0_common").Order());
        Assert.Equal(["exported", "two.state"], SiblingScene.TargetsOf(linked, "klp_new_1_0_common").Order());
        Assert.Contains("klp_shared_0_added", SiblingScene.TargetsOf(linked, "klp_new_2_0_caller"));
        Assert.Contains("klp_shared_1_added", SiblingScene.TargetsOf(linked, "klp_new_3_0_caller"));
        Assert.NotEqual(linked.FindSymbols("klp_shared_0_added").Single().Value, linked.FindSymbols("klp_shared_1_added").Single().Value);
    }

    [Fact]
    public void a_new_variable_of_one_object_is_used_from_another()
    {
        using var linked = new SiblingScene()
            .Add(
                "vmlinux",
                "a.o",
                "#ifdef PATCHED\nextern int level; int caller(void) { return level; }\n#else\nint caller(void) { return 1; }\n#endif\n")
            .Add("vmlinux", "b.o", "#ifdef PATCHED\nint level = 7;\n#endif\nint other(void) { return 5; }\n")
            .Link();
        Assert.NotNull(linked);
        Assert.Contains("klp_shared_1_level", SiblingScene.TargetsOf(linked, "caller"));
    }

    [Fact]
    public void a_replaced_function_is_reached_where_it_runs()
    {
        using var linked = new SiblingScene()
            .Add(
                "vmlinux",
                "a.o",
                "int changed(int);\n#ifdef PATCHED\nint caller(int x) { return changed(x) + 2; }\n#else\nint caller(int x) { return "
                    + "changed(x) + 1; }\n#endif\n")
            .Add(
                "vmlinux",
                "b.o",
                "#ifdef PATCHED\nint changed(int x) { return x * 5; }\n#else\nint changed(int x) { return x * 3; }\n#endif\n")
            .With("vmlinux:changed")
            .Link();
        Assert.NotNull(linked);
        Assert.Equal(["vmlinux.changed"], SiblingScene.TargetsOf(linked, "caller"));
    }

    [Fact]
    public void statics_of_one_name_do_not_meet()
    {
        const string Source = """
            int exported(int);
            #ifdef PATCHED
            static __attribute__((noinline)) int helper(int x) { return exported(x) * FACTOR; }
            int NAME(int x) { return helper(x) + 1; }
            #else
            int NAME(int x) { return exported(x); }
            #endif
            """;
        using var linked = new SiblingScene()
            .Add("vmlinux", "a.o", "#define FACTOR 3\n#define NAME first\n" + Source)
            .Add("vmlinux", "b.o", "#define FACTOR 5\n#define NAME second\n" + Source)
            .Link();
        Assert.NotNull(linked);
        Assert.Equal(2, linked.FindSymbols("helper").Count());
    }

    [Fact]
    public void globals_of_one_name_in_two_modules_do_not_meet()
    {
        const string User =
            "int exported(int);\n#ifdef PATCHED\nint added(int);\nint NAME(int x) { return exported(added(x)) + 1; }\n#else\nint "
                + "NAME(int x) { return exported(x); }\n#endif\n";
        using var linked = new SiblingScene()
            .Add("one", "a.o", "#define NAME first\n" + User)
            .Add("one", "b.o", Definer)
            .Add("two", "c.o", "#define NAME second\n" + User)
            .Add("two", "d.o", Definer)
            .Link();
        Assert.NotNull(linked);
        Assert.Contains("klp_shared_1_added", SiblingScene.TargetsOf(linked, "first"));
        Assert.Contains("klp_shared_3_added", SiblingScene.TargetsOf(linked, "second"));
    }

    [Fact]
    public void a_static_made_global_is_the_running_one()
    {
        using var linked = new SiblingScene()
            .Add(
                "vmlinux",
                "a.o",
                "#ifdef PATCHED\nint helper(int);\nint caller(int x) { return helper(x) + 2; }\n#else\nint caller(int x) { return x + "
                    + "1; }\n#endif\n")
            .Add(
                "vmlinux",
                "b.o",
                $"#ifndef PATCHED\nstatic\n#endif\n{NoInline} int helper(int x) {{ return x * 5; }}\nint other(int x) {{ return "
                    + $"helper(x); }}\n")
            .Link();
        Assert.NotNull(linked);
        Assert.Equal(["vmlinux.helper"], SiblingScene.TargetsOf(linked, "caller"));
    }

    [Fact]
    public void one_global_added_twice_to_one_owner_is_refused() => Assert.Equal(
        "LP0346", new SiblingScene()
            .Add("vmlinux", "a.o", Caller)
            .Add("vmlinux", "b.o", Definer)
            .Add("vmlinux", "c.o", Definer.Replace("other", "third", StringComparison.Ordinal))
            .Refused().Id);

    [Fact]
    public void a_function_that_moves_to_another_file_is_refused()
    {
        const string Moved = "int exported(int); int moved(int x) { return exported(x) * 3; }\n";
        var refusal = new SiblingScene()
            .Add("vmlinux", "a.o", $"#ifndef PATCHED\n{Moved}\n#endif\nint moved(int); int caller(int x) {{ return moved(x); }}\n")
            .Add("vmlinux", "b.o", $"#ifdef PATCHED\n{Moved}\n#endif\nint other(int x) {{ return x + 7; }}\n")
            .With("vmlinux:moved")
            .Refused();
        Assert.Equal("LP0347", refusal.Id);
        Assert.Contains("a.o", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void a_function_in_the_place_of_a_weak_one_is_refused() => Assert.Equal(
        "LP0347", new SiblingScene().Add("vmlinux", "b.o", Definer).With("vmlinux:added").Refused().Id);

    [Fact]
    public void a_variable_that_moves_to_another_file_is_refused()
    {
        const string State = "static int state; int NAME(void) { return state++; }\n";
        Assert.Equal("LP0348", new SiblingScene()
            .Add("vmlinux", "a.o", $"#ifdef PATCHED\nint first(void) {{ return 1; }}\n#else\n#define NAME first\n{State}\n#endif\n")
            .Add("vmlinux", "b.o", $"#ifdef PATCHED\n#define NAME second\n{State}\n#else\nint second(void) {{ return 2; }}\n#endif\n")
            .Refused().Id);
    }

    [Fact]
    public void a_use_of_a_removed_function_is_refused() => Assert.Equal("LP0349", new SiblingScene()
        .Add(
            "vmlinux",
            "a.o",
            "int gone(int);\n#ifdef PATCHED\nint caller(int x) { return gone(x) + 2; }\n#else\nint caller(int x) { return gone(x) + 1; "
                + "}\n#endif\n")
        .Add("vmlinux", "b.o", "#ifndef PATCHED\nint gone(int x) { return x * 3; }\n#endif\nint other(int x) { return x; }\n")
        .With("vmlinux:gone")
        .Refused().Id);

    [Fact]
    public void a_use_of_a_function_of_a_removed_file_is_refused() => Assert.Equal("LP0349", new SiblingScene()
        .Add(
            "vmlinux",
            "a.o",
            "int gone(int);\n#ifdef PATCHED\nint caller(int x) { return gone(x) + 2; }\n#else\nint caller(int x) { return gone(x) + 1; "
                + "}\n#endif\n")
        .With("vmlinux:gone")
        .Refused(new RemovedSymbol("gone", "vmlinux", "b.o")).Id);

    [Fact]
    public void new_code_that_needs_its_module_is_not_used_from_outside() => Assert.Equal(
        "LP0350", Late("vmlinux").Refused().Id);

    [Fact]
    public void new_code_that_needs_its_module_is_used_by_what_depends_on_that_module()
    {
        var scene = Late("two");
        scene.Dependencies.Add("two:one");
        using var linked = scene.Link();
        Assert.NotNull(linked);
        Assert.Contains("klp_shared_1_added", SiblingScene.TargetsOf(linked, "caller"));
    }

    [Fact]
    public void a_name_that_nothing_defines_is_refused() =>
        Assert.Equal("LP0601", new SiblingScene().Add("vmlinux", "a.o", Caller).Refused().Id);

    private static SiblingScene Late(string user) => new SiblingScene()
        .Add(user, "a.o", Caller)
        .Add(
            "one",
            "b.o",
            $"static {NoInline} int own(int x) {{ return x * 7; }}\n#ifdef PATCHED\nint added(int x) {{ return own(x) * 3; "
                + $"}}\n#endif\nint other(int x) {{ return own(x); }}\n");
}
