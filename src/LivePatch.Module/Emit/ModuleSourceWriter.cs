using System.Globalization;
using System.Text;
using LivePatch.Kernel;

namespace LivePatch.Module.Emit;

/// <summary>
/// Writes the module's C source: plain C a reviewer can read, with designated initialisers only, because the structures
/// of include/linux/livepatch.h grow from kernel to kernel.
/// </summary>
internal static class ModuleSourceWriter
{
    public static string Write(KlpManifest manifest)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""
            // SPDX-License-Identifier: GPL-2.0
            /*
             * {{manifest.ModuleName}}: livepatch for {{manifest.KernelRelease}}
             * Made by klp-build {{manifest.ToolVersion}} from {{string.Join(", ", manifest.Patches.Select(CommentText))}}.
             * The new code is in the object files beside this one; see README.
             */
            #include <linux/module.h>
            #include <linux/kernel.h>
            #include <linux/livepatch.h>

            """);
        var reset = manifest.Reload == TargetReload.LivepatchResets ? manifest.LateRelocationReset : null;
        if (reset is not null)
        {
            text.Append(ReloadSourceWriter.Includes(reset));
        }

        var constants = manifest.Objects.SelectMany(static item => item.RuntimeConstants).Distinct().ToList();
        if (constants.Count > 0)
        {
            text.Append(RuntimeConstantSourceWriter.Includes(manifest.CodeWriting!));
        }

        text.Append('\n');

        foreach (var function in manifest.Objects.SelectMany(static item => item.Replaced))
        {
            text.Append(CultureInfo.InvariantCulture, $"extern void {function.LinkName}(void);\t/* {CommentText(function.NewName)} */\n");
        }

        var groups = manifest.Objects.SelectMany(static item => item.Replaced).GroupBy(static function => function.ObjectName)
            .OrderBy(static group => group.Key == ModuleName.Vmlinux ? 0 : 1)
                .ThenBy(static group => group.Key, StringComparer.Ordinal)
                .ToList();
        foreach (var group in groups)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nstatic struct klp_func funcs_{group.Key}[] = {{\n");
            foreach (var function in group)
            {
                text.Append("\t{\n");
                text.Append(CultureInfo.InvariantCulture, $"\t\t.old_name = {StringLiteral(function.OldName)},\n");
                text.Append(CultureInfo.InvariantCulture, $"\t\t.new_func = {function.LinkName},\n");
                if (function.Sympos != 0)
                {
                    text.Append(CultureInfo.InvariantCulture, $"\t\t.old_sympos = {function.Sympos},\n");
                }

                text.Append("\t},\n");
            }

            text.Append("\t{ }\n};\n");
        }

        if (reset is not null)
        {
            text.Append(ReloadSourceWriter.Write(reset));
        }

        if (constants.Count > 0)
        {
            text.Append(RuntimeConstantSourceWriter.Write(manifest.CodeWriting!, constants));
        }

        text.Append("\nstatic struct klp_object objs[] = {\n");
        foreach (var group in groups)
        {
            text.Append("\t{\n");
            text.Append(group.Key == ModuleName.Vmlinux
                ? "\t\t/* no name: vmlinux */\n"
                : $"\t\t.name = {StringLiteral(group.Key)},\n");
            text.Append(CultureInfo.InvariantCulture, $"\t\t.funcs = funcs_{group.Key},\n");
            if (reset is not null && manifest.Objects.Any(item => item.ObjectName == group.Key && item.HasLateSymbols))
            {
                text.Append(
                    CultureInfo.InvariantCulture, $"\t\t.callbacks = {{\n\t\t\t.post_unpatch = {ReloadSourceWriter.Callback},\n\t\t}},\n");
            }

            text.Append("\t},\n");
        }

        text.Append(CultureInfo.InvariantCulture, $$"""
            	{ }
            };

            static struct klp_patch patch = {
            	.mod = THIS_MODULE,
            	.objs = objs,
            	.replace = {{(manifest.Replace ? "true" : "false")}},
            };

            static int __init livepatch_init(void)
            {
            {{(constants.Count > 0 ? $"\t{RuntimeConstantSourceWriter.Function}();\n" : string.Empty)}}	return klp_enable_patch(&patch);
            }

            /* A livepatch is disabled through sysfs; the module may go when that is done. */
            static void __exit livepatch_exit(void)
            {
            }

            module_init(livepatch_init);
            module_exit(livepatch_exit);
            MODULE_LICENSE("GPL");
            MODULE_INFO(livepatch, "Y");
            MODULE_DESCRIPTION({{StringLiteral("livepatch of " + string.Join(", ", manifest.Patches))}});
            MODULE_INFO(klp_patch_sha256, {{StringLiteral(manifest.PatchSha256)}});
            MODULE_INFO(klp_kernel, {{StringLiteral(manifest.KernelRelease)}});

            """);
        foreach (var space in manifest.Objects.SelectMany(static item => item.Namespaces).Distinct().Order(StringComparer.Ordinal))
        {
            // Written as the information itself: the macro's argument became a string in 6.13.
            text.Append(CultureInfo.InvariantCulture, $"MODULE_INFO(import_ns, {StringLiteral(space)});\n");
        }

        return text.ToString();
    }

    private static string CommentText(string text) => text.Replace("*/", "* /", StringComparison.Ordinal);

    private static string StringLiteral(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (value is >= 0x20 and < 0x7f and not ((byte)'"' or (byte)'\\'))
            {
                result.Append((char)value);
            }
            else
            {
                // Octal: a hexadecimal escape would swallow digits that follow.
                result.Append('\\').Append(Convert.ToString(value, 8).PadLeft(3, '0'));
            }
        }

        return result.Append('"').ToString();
    }
}
