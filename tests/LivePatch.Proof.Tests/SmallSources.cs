using System.Globalization;

namespace LivePatch.Proof.Tests;

/// <summary>Sources of a kernel with one of everything that a proof looks at.</summary>
internal static class SmallSources
{
    private const string Declarations = """
        typedef unsigned long size_t;
        #define noinline __attribute__((noinline))
        #define __sched __attribute__((section(".sched.text"), __noinline__))
        extern int exported(int x);
        extern int hidden(int x);
        extern int say(const char *text, ...);
        extern int shared_state;
        extern const char *names[];
        int work(int x, int *p);
        int other(int x);
        int waiting(int x);

        #define WARN_HERE() asm volatile("1: ud2\n" \
            ".pushsection __bug_table,\"aw\"\n2: .long 1b - .\n.long %c0 - .\n.word %c1\n.word 0\n.org 2b + 12\n.popsection" \
            : : "i" ("kernel/work.c"), "i" (__LINE__ & 0))
        #define BARRIER() asm volatile("771: lfence\n772:\n" \
            ".pushsection .altinstructions,\"a\"\n.long 771b - .\n.long 774f - .\n.word 7\n.byte 772b - 771b\n.byte 775f - 774f\n.popsection\n" \
            ".pushsection .altinstr_replacement,\"ax\"\n774: mfence\n775:\n.popsection" : : : "memory")
        #define FAULTS(p, v) asm volatile("1: mov (%1), %0\n2:\n.pushsection __ex_table,\"a\"\n.balign 4\n.long 1b - .\n.long 2b - .\n.long 3\n.popsection" : "=r" (v) : "r" (p))
        """;

    private const string Body = """
        static int counter;
        static noinline int helper(int x) { return hidden(x) + counter++; }
        static noinline int twin(int x) { return exported(x) * 3 + 1; }
        static const int limits[4] = { 11, 22, 33, 44 };
        static const char *const words[] = { "alpha", "beta", "gamma" };
        static int values[8] __attribute__((section(".data..read_mostly"))) = { 1, 2, 3, 4, 5, 6, 7, 8 };
        static int behind[2] __attribute__((section(".data..read_mostly"))) = { 9, 9 };

        static __sched int sleeps(int x) { return hidden(x + 7); }
        __sched int waiting(int x)
        {
            int before = sleeps(x);
            if (before > WAITED)
                return sleeps(before) + exported(before);
            return before;
        }

        int other(int x) { return helper(x) + twin(x) + limits[x & 3] + behind[x & 1]; }
        """;

    public const string Original = Declarations + "\n#define WAITED 3\n" + Body + """

        int work(int x, int *p)
        {
            int sum = 0, v;
            for (const int *at = values; at < values + 8; at++)
                sum += *at;
            FAULTS(p, v);
            BARRIER();
            if (x > 100)
                WARN_HERE();
            say("work says %d and %s\n", x, words[x & 1]);
            return sum + helper(x) + twin(x) + limits[x & 3] + shared_state + v + other(x);
        }
        """;

    public const string Patched = Declarations + "\n#define WAITED 5\n" + Body + """

        static int fresh_count = 17;
        static noinline int fresh(int x, int y) { fresh_count += x; return hidden(fresh_count) + (y > 3 ? exported(y) : 0); }

        int work(int x, int *p)
        {
            int sum = 1, v;
            for (const int *at = values; at < values + 8; at++)
                sum += *at;
            FAULTS(p, v);
            BARRIER();
            if (x > 200)
                WARN_HERE();
            say("work now says %d and %s\n", x, words[x & 1]);
            return sum + helper(x) + twin(x) + limits[x & 3] + shared_state + v + other(x) + fresh(x, sum);
        }
        """;

    public const string Rest = """
        #define noinline __attribute__((noinline))
        int shared_state = 4;
        noinline int exported(int x) { return x + 5; }
        noinline int hidden(int x) { return x ^ 9; }
        int say(const char *text, ...) { return text[0]; }
        void __fentry__(void) { }
        static noinline int twin(int x) { return hidden(x) * 5 + 2; }
        static int counter = 3;
        int elsewhere(int x) { counter += x; return twin(x) + counter; }
        """;

    public const string Exports = "0x00000001\texported\tvmlinux\tEXPORT_SYMBOL\t\n0x00000002\tsay\tvmlinux\tEXPORT_SYMBOL\t\n"
        + "0x00000003\t__fentry__\tvmlinux\tEXPORT_SYMBOL\t\n0x00000004\tshared_state\tvmlinux\tEXPORT_SYMBOL\t\n"
        + "0x00000005\tklp_enable_patch\tvmlinux\tEXPORT_SYMBOL_GPL\t\n";

    /// <summary>The module's own source, with the structures of include/linux/livepatch.h as far as they matter.</summary>
    public static string ModuleSource(IEnumerable<(string OldName, uint Position, string NewName)> rows)
    {
        var all = rows.ToList();
        return $$"""
            struct klp_func { const char *old_name; void *new_func; unsigned long old_sympos; void *more[4]; };
            struct klp_object { const char *name; struct klp_func *funcs; void *callbacks[4]; void *more[2]; };
            struct klp_patch { void *mod; struct klp_object *objs; void *states; _Bool replace; };
            char __this_module[64] __attribute__((section(".gnu.linkonce.this_module"))) = { 1 };
            extern int klp_enable_patch(struct klp_patch *patch);
            {{string.Concat(all.Select(static row => $"extern void {row.NewName}(void);\n"))}}
            static struct klp_func funcs[] = {
            {{string.Concat(all.Select(static row => string.Create(CultureInfo.InvariantCulture, $"    {{ \"{row.OldName}\", {row.NewName}, {row.Position} }},\n")))}}    { } };
            static struct klp_object objs[] = { { .funcs = funcs }, { } };
            static struct klp_patch patch = { .mod = __this_module, .objs = objs, .replace = 1 };
            __attribute__((section(".init.text"))) int init_module(void) { return klp_enable_patch(&patch); }
            """;
    }
}
