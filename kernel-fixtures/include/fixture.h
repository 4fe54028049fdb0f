/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tiny forms of the kernel's idioms, written for these cases: what matters is
 * the section, the layout and the relocations each leaves in the object, as
 * Linux 5.10 to 6.12 on x86-64 have them.
 */
#ifndef FIXTURE_H
#define FIXTURE_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef _Bool bool;
#define NULL ((void *)0)
#define true 1
#define false 0

#define noinline __attribute__((__noinline__))
#define inline inline __attribute__((__gnu_inline__, __no_instrument_function__))
#define __always_inline inline __attribute__((__always_inline__))
#define __used __attribute__((__used__))
#define __weak __attribute__((__weak__))
#define __cold __attribute__((__cold__))
#define __aligned(n) __attribute__((__aligned__(n)))
#define __section(name) __attribute__((__section__(name)))
#define notrace __attribute__((__no_instrument_function__))
#define noinstr noinline notrace __section(".noinstr.text")
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define __init __section(".init.text") __cold notrace
#define __exit __section(".exit.text") __used __cold notrace
#define __initdata __section(".init.data")
#define __sched __section(".sched.text")
#define __read_mostly __section(".data..read_mostly")
#define __ro_after_init __section(".data..ro_after_init")

#define FIXTURE_PASTE2(a, b) a##b
#define FIXTURE_PASTE(a, b) FIXTURE_PASTE2(a, b)
#define FIXTURE_STRING2(x) #x
#define FIXTURE_STRING(x) FIXTURE_STRING2(x)

/* Stops the compiler from knowing a value. */
#define HIDE(x) ({ __typeof__(x) hidden = (x); __asm__("" : "+r"(hidden)); hidden; })

/* ---- per-cpu variables ---- */
#define DEFINE_PER_CPU(type, name) __section(".data..percpu") __typeof__(type) name
#define this_cpu_read(name) ({ int value; \
	__asm__("movl %%gs:%1, %0" : "=r"(value) : "m"(name)); value; })

/* ---- exports: names in one section, entries in one section each ---- */
#define EXPORT_SYMBOL_IN(sym, sec) \
	__asm__(".section \"__ksymtab_strings\",\"aMS\",@progbits,1\n" \
		"__kstrtab_" #sym ":\n\t.asciz \"" #sym "\"\n" \
		"__kstrtabns_" #sym ":\n\t.asciz \"\"\n" \
		".section \"___ksymtab" sec "+" #sym "\",\"a\"\n" \
		"\t.balign 4\n" \
		"__ksymtab_" #sym ":\n" \
		"\t.long " #sym " - .\n" \
		"\t.long __kstrtab_" #sym " - .\n" \
		"\t.long __kstrtabns_" #sym " - .\n" \
		".section \"___kcrctab" sec "+" #sym "\",\"a\"\n" \
		"__crc_" #sym ":\n\t.long 0x12345678\n" \
		".text\n")
#define EXPORT_SYMBOL(sym) EXPORT_SYMBOL_IN(sym, "")
#define EXPORT_SYMBOL_GPL(sym) EXPORT_SYMBOL_IN(sym, "_gpl")

/* ---- WARN and BUG: ud2 and an entry of 12 or, with a format, 16 bytes ---- */
#ifdef FIXTURE_BUG_ENTRY_16
#define BUG_ENTRY_FORMAT "\t.long %c3 - .\n"
#define BUG_ENTRY_SIZE "16"
#else
#define BUG_ENTRY_FORMAT
#define BUG_ENTRY_SIZE "12"
#endif
#define BUG_ENTRY(flags) \
	__asm__ volatile("1:\tud2\n" \
		".pushsection __bug_table,\"aw\"\n" \
		"2:\t.long 1b - .\n" \
		BUG_ENTRY_FORMAT \
		"\t.long %c0 - .\n" \
		"\t.word %c1\n" \
		"\t.word %c2\n" \
		"\t.org 2b + " BUG_ENTRY_SIZE "\n" \
		".popsection" : : "i"(__FILE__), "i"(__LINE__), "i"(flags), "i"(BUG_FORMAT))
#ifndef BUG_FORMAT
#define BUG_FORMAT "fmt"
#endif
/* WARN as of 7.x: the code takes the address of the entry, and the instruction behind is the entry's. */
#define WARN_FORMAT(condition, format) ({ bool hit = !!(condition); \
	if (unlikely(hit)) { \
		struct bug_entry *bug; \
		__asm__ volatile("lea (2f)(%%rip), %0\n1:\n" \
			".pushsection __bug_table,\"aw\"\n" \
			"2:\t.long 1b - .\n" \
			"\t.long %c1 - .\n" \
			"\t.long %c2 - .\n" \
			"\t.word %c3\n" \
			"\t.word 17\n" \
			".popsection" : "=r"(bug) : "i"(format), "i"(__FILE__), "i"(__LINE__)); \
		warn_trap(bug); \
	} \
	unlikely(hit); })
struct bug_entry;
void warn_trap(struct bug_entry *bug, ...);
#define BUGFLAG_WARNING 1
#define BUGFLAG_ONCE 2
#define WARN_ON(condition) ({ bool hit = !!(condition); \
	if (unlikely(hit)) \
		BUG_ENTRY(BUGFLAG_WARNING); \
	unlikely(hit); })
#define WARN_ON_ONCE(condition) ({ bool hit = !!(condition); \
	if (unlikely(hit)) \
		BUG_ENTRY(BUGFLAG_WARNING | BUGFLAG_ONCE); \
	unlikely(hit); })
#define BUG() do { BUG_ENTRY(0); __builtin_unreachable(); } while (0)
#define BUG_ON(condition) do { if (unlikely(condition)) BUG(); } while (0)

void __warn_printk(const char *format, ...);
#ifndef ONCE_SECTION
#define ONCE_SECTION ".data.once"
#endif
#define WARN_ONCE(condition, format...) ({ \
	static bool __section(ONCE_SECTION) __already_done; \
	bool met = !!(condition); \
	if (unlikely(met) && unlikely(!__already_done)) { \
		__already_done = true; \
		__warn_printk(format); \
		BUG_ENTRY(BUGFLAG_WARNING); \
	} \
	unlikely(met); })

/* ---- printk, its index, dynamic debug ---- */
int _printk(const char *format, ...);
struct pi_entry {
	const char *fmt, *func, *file;
	unsigned int line;
	const char *level, *prefix;
} __attribute__((__packed__));
#define printk(format, args...) ({ \
	static const struct pi_entry _entry = { format, __func__, __FILE__, __LINE__, NULL, NULL }; \
	static const struct pi_entry *_entry_ptr __used __section(".printk_index") = &_entry; \
	_printk(format, ##args); })

struct static_key { int enabled; void *entries; };

struct _ddebug {
	const char *modname, *function, *filename, *format;
	unsigned int lineno : 18, class_id : 6, flags : 8;
	struct static_key key;
} __aligned(8);
void __dynamic_pr_debug(struct _ddebug *descriptor, const char *format, ...);
#define pr_debug(format, args...) do { \
	static struct _ddebug __aligned(8) __section("__dyndbg") \
		FIXTURE_PASTE(__UNIQUE_ID_ddebug, __LINE__) = \
		{ "fixture", __func__, __FILE__, format, __LINE__, 63, 0 }; \
	if (static_branch(&FIXTURE_PASTE(__UNIQUE_ID_ddebug, __LINE__).key)) \
		__dynamic_pr_debug(&FIXTURE_PASTE(__UNIQUE_ID_ddebug, __LINE__), format, ##args); \
	} while (0)

/* ---- jump labels: 16 bytes, all relative ---- */
static __always_inline bool static_branch(struct static_key *key)
{
	__asm__ goto("1:\t.byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n"
		".pushsection __jump_table, \"aw\"\n"
		"\t.balign 8\n"
		"\t.long 1b - ., %l[taken] - .\n"
		"\t.quad %c0 - .\n"
		".popsection" : : "i"(key) : : taken);
	return false;
taken:
	return true;
}

/* ---- static calls, as objtool leaves them ---- */
#define static_call(name) \
	__asm__ volatile("1:\tcall __SCT__" #name "\n" \
		".pushsection .static_call_sites, \"aw\"\n" \
		"\t.long 1b - .\n" \
		"\t.long __SCK__" #name " - .\n" \
		".popsection" : : : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory")

/* ---- alternatives: 12 bytes up to 6.2, 14 bytes with flags from 6.3 on ---- */
#ifdef FIXTURE_ALT_INSTR_14
#define ALT_FEATURE "\t.long "
#else
#define ALT_FEATURE "\t.word "
#endif
#define alternative(old, new, feature) \
	__asm__ volatile("661:\t" old "\n662:\n" \
		".pushsection .altinstructions, \"a\"\n" \
		"\t.long 661b - .\n" \
		"\t.long 663f - .\n" \
		ALT_FEATURE #feature "\n" \
		"\t.byte 662b - 661b\n" \
		"\t.byte 664f - 663f\n" \
		".popsection\n" \
		".pushsection .altinstr_replacement, \"ax\"\n" \
		"663:\t" new "\n664:\n" \
		".popsection" : : : "memory")

/* ---- lock prefixes, exception table, site lists ---- */
#define locked_add(place, value) \
	__asm__ volatile(".pushsection .smp_locks, \"a\"\n" \
		"\t.balign 4\n" \
		"\t.long 671f - .\n" \
		".popsection\n" \
		"671:\tlock; addl %1, %0" : "+m"(place) : "ir"(value))
#define EX_TYPE_EFAULT 3
#define get_user(value, pointer) ({ int error = 0; \
	__asm__ volatile("1:\tmovl %2, %1\n2:\n" \
		".pushsection .text.fixup, \"ax\"\n" \
		".popsection\n" \
		".pushsection __ex_table, \"a\"\n" \
		"\t.balign 4\n" \
		"\t.long 1b - .\n" \
		"\t.long 2b - .\n" \
		"\t.long " FIXTURE_STRING(EX_TYPE_EFAULT) "\n" \
		".popsection" : "+r"(error), "=r"(value) : "m"(*(pointer))); error; })
#define SITE(section) \
	__asm__ volatile("1:\tnop\n" \
		".pushsection " section ", \"a\"\n" \
		"\t.long 1b - .\n" \
		".popsection")
#define ORC_ENTRY(bytes) \
	__asm__ volatile("1:\n" \
		".pushsection .orc_unwind_ip, \"a\"\n" \
		"\t.long 1b - .\n" \
		".popsection\n" \
		".pushsection .orc_unwind, \"a\"\n" \
		"\t.byte " bytes "\n" \
		".popsection")

/* ---- calls that get the source line ---- */
void __might_sleep(const char *file, int line);
#define might_sleep() __might_sleep(__FILE__, __LINE__)
void lockdep_rcu_suspicious(const char *file, int line, const char *text);
struct lock_class_key { char subkeys[8]; };
struct mutex { int owner; };
void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
#define mutex_init(mutex) do { \
	static struct lock_class_key __key; \
	__mutex_init(mutex, #mutex, &__key); } while (0)
struct ratelimit_state { int interval, burst, printed, missed; };
int ___ratelimit(struct ratelimit_state *state, const char *function);
#define ratelimited() ({ \
	static struct ratelimit_state _rs = { 5000, 10 }; \
	___ratelimit(&_rs, __func__); })

/* ---- initcalls and parameters ---- */
#define device_initcall(fn) \
	__asm__(".section \".initcall6.init\", \"a\"\n" \
		"__initcall__kmod_fixture__" FIXTURE_STRING(__COUNTER__) "_" FIXTURE_STRING(__LINE__) "_" #fn "6:\n" \
		"\t.long " #fn " - .\n" \
		".previous")
struct kernel_param { const char *name; void *arg; u16 perm; };
#define module_param(variable, mode) \
	static const char __param_str_##variable[] = #variable; \
	static struct kernel_param const __param_##variable __used __section("__param") __aligned(8) = \
		{ __param_str_##variable, &variable, mode }

/* ---- tracepoints ---- */
struct tracepoint { const char *name; struct static_key key; void *funcs; };
#define DEFINE_TRACE(event) \
	const char __tpstrtab_##event[] __section("__tracepoints_strings") = #event; \
	struct tracepoint __tracepoint_##event __used __section("__tracepoints") = \
		{ __tpstrtab_##event, { 0, NULL }, NULL }; \
	static struct tracepoint *const __tracepoint_ptr_##event __used __section("__tracepoints_ptrs") = \
		&__tracepoint_##event

/* ---- self references ---- */
#define _THIS_IP_ ({ __label__ here; here: (unsigned long)&&here; })

/* ---- what cases call without caring about it ---- */
int outside(int value);
int elsewhere(int value);
void consume(const void *pointer);
void report(const char *text);

#endif
