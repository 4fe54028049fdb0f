using System.Globalization;
using System.Text;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;
using LivePatch.Module.PostLink;

namespace LivePatch.Module.Emit;

/// <summary>
/// Writes the callback that takes a module's addresses out of the livepatch when the module goes.
///
/// It walks the module's own section headers, which the kernel keeps for every livepatch (struct klp_modinfo,
/// include/linux/module.h), just as the kernel does when it writes the addresses (klp_apply_object_relocs,
/// kernel/livepatch/core.c, Linux 6.1); so nothing has to be counted at build time. Unexported functions are reached like those
/// the new code uses: by symbols that post-link gives to the livepatch core, under names that do not collide with the
/// headers' declarations.
/// </summary>
internal static class ReloadSourceWriter
{
    /// <summary>Name of the callback.</summary>
    public const string Callback = "forget_addresses";

    /// <summary>Text for the part with the includes.</summary>
    public static string Includes(LateRelocationReset reset) =>
        string.Concat(
            reset.Headers.Concat(["linux/elf.h", "linux/moduleloader.h", "linux/string.h"])
                .Select(static header => $"#include <{header}>\n"));

    /// <summary>Text of the callback and what it needs.</summary>
    public static string Write(LateRelocationReset reset)
    {
        var text = new StringBuilder();
        text.Append("""

            /*
             * When a patched module is loaded, the kernel writes addresses of its symbols into the new code, and demands
             * that there are zeros. This kernel leaves them there when the module goes, so the module could not be loaded again
             * (later kernels have clear_relocate_add). The following does for it what the kernel should.
             */

            """);
        foreach (var symbol in reset.Symbols)
        {
            var pending = new PendingSymbolName(ModuleName.Vmlinux, ModuleName.Vmlinux, symbol.Symbol, 0);
            text.Append(CultureInfo.InvariantCulture, $"extern {symbol.Declaration};\n");
            text.Append(
                CultureInfo.InvariantCulture, $"asm(\".weak \\\"{pending}\\\"\\n\\t.set {symbol.LocalName}, \\\"{pending}\\\"\");\n");
        }

        text.Append(CultureInfo.InvariantCulture, $$"""

            static size_t width_of(unsigned int type)
            {
            	return {{reset.Width}};
            }

            static void {{Callback}}(struct klp_object *obj)
            {
            	const struct klp_modinfo *info = THIS_MODULE->klp_info;
            	static const u64 zeros;
            	char name[MODULE_NAME_LEN];
            	unsigned int i;

            	/* Only disabled: nothing is written a second time, and with a forced transition the code may still run. */
            	if (obj->mod->state == MODULE_STATE_LIVE)
            		return;

            {{Lines(reset.Begin)}}
            	for (i = 1; i < info->hdr.e_shnum; i++) {
            		const Elf_Shdr *section = &info->sechdrs[i];
            		const Elf_Rela *rela = (const Elf_Rela *)section->sh_addr;
            		size_t count = section->sh_size / sizeof(*rela);

            		if (!(section->sh_flags & SHF_RELA_LIVEPATCH) ||
            		    sscanf(info->secstrings + section->sh_name, ".klp.rela.%55[^.]", name) != 1 ||
            		    strcmp(name, obj->name))
            			continue;

            		for (; count > 0; count--, rela++) {
            			void *place = (void *)info->sechdrs[section->sh_info].sh_addr + rela->r_offset;
            			size_t width = width_of(ELF_R_TYPE(rela->r_info));

            			if (width)
            				{{reset.Write}}
            		}
            	}
            {{Lines(reset.End)}}
            }

            """);
        return text.ToString();
    }

    private static string Lines(IReadOnlyList<string> statements) =>
        string.Join('\n', statements.Select(static statement => "\t" + statement));
}
