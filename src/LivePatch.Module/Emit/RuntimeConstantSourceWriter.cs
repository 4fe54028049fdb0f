using System.Globalization;
using System.Text;
using LivePatch.Kernel;
using LivePatch.Kernel.Architecture;
using LivePatch.Module.Extract;
using LivePatch.Module.PostLink;

namespace LivePatch.Module.Emit;

/// <summary>
/// Writes the function that puts the kernel's runtime constants into the new code, before the livepatch is enabled.
///
/// The places lie in sections of the module, found by their names in the section headers that the kernel keeps for every livepatch (struct
/// klp_modinfo, include/linux/module.h): the linker defines no symbols for where sections begin and end in a module.
/// </summary>
internal static class RuntimeConstantSourceWriter
{
    /// <summary>Name of the function.</summary>
    public const string Function = "write_constants";

    /// <summary>Text for the part with the includes.</summary>
    public static string Includes(CodeWriting writing) =>
        string.Concat(writing.Headers.Concat(["linux/elf.h", "linux/string.h"]).Select(static header => $"#include <{header}>\n"));

    /// <summary>Text of the function and what it needs.</summary>
    public static string Write(CodeWriting writing, IReadOnlyList<RuntimeConstant> constants)
    {
        var text = new StringBuilder();
        text.Append("""

            /*
             * This kernel writes some constants into its code when it boots (runtime_const_init), and does not do so for modules. Each is the
             * value of a variable, and is written into the new code before that is used.
             */

            """);
        foreach (var symbol in writing.Symbols)
        {
            Declare(
                text,
                symbol.Declaration,
                symbol.LocalName,
                new PendingSymbolName(ModuleName.Vmlinux, ModuleName.Vmlinux, symbol.Symbol, 0));
        }

        for (var index = 0; index < constants.Count; index++)
        {
            var variable = constants[index].Variable;
            Declare(
                text,
                string.Create(CultureInfo.InvariantCulture, $"const char klp_constant_{index}[]"),
                string.Create(CultureInfo.InvariantCulture, $"klp_constant_{index}"),
                new PendingSymbolName(ModuleName.Vmlinux, variable.ObjectName, variable.Name, variable.Sympos));
        }

        text.Append(CultureInfo.InvariantCulture, $$"""

            static void write_constant(const char *name, const void *value, size_t width)
            {
            	const struct klp_modinfo *info = THIS_MODULE->klp_info;
            	unsigned int i;

            	for (i = 1; i < info->hdr.e_shnum; i++) {
            		const Elf_Shdr *section = &info->sechdrs[i];
            		const s32 *entry = (const s32 *)section->sh_addr;
            		size_t count = section->sh_size / sizeof(*entry);

            		if (strcmp(info->secstrings + section->sh_name, name))
            			continue;

            		for (; count > 0; count--, entry++) {
            			void *place = (void *)((unsigned long)entry + *entry);

            			{{writing.Write}}
            		}
            	}
            }

            static void {{Function}}(void)
            {

            """);
        foreach (var statement in writing.Begin)
        {
            text.Append(CultureInfo.InvariantCulture, $"\t{statement}\n");
        }

        for (var index = 0; index < constants.Count; index++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"\twrite_constant(\"{constants[index].Section}\", klp_constant_{index}, {constants[index].Width});\n");
        }

        foreach (var statement in writing.End)
        {
            text.Append(CultureInfo.InvariantCulture, $"\t{statement}\n");
        }

        return text.Append("}\n").ToString();
    }

    private static void Declare(StringBuilder text, string declaration, string localName, PendingSymbolName pending)
    {
        text.Append(CultureInfo.InvariantCulture, $"extern {declaration};\n");
        text.Append(CultureInfo.InvariantCulture, $"asm(\".weak \\\"{pending}\\\"\\n\\t.set {localName}, \\\"{pending}\\\"\");\n");
    }
}
