using LivePatch.Core.Diagnostics;

namespace LivePatch.Kernel.Configuration;

/// <summary>What a kernel's configuration must and must not have for a livepatch built by comparing objects.</summary>
/// <remarks>kernel/livepatch/Kconfig and arch/*/Kconfig (Linux 6.1) for what the kernel demands; the refused
/// options are those under which code compiled again differs from the shipped code, or symbols go missing.</remarks>
public static class LivepatchRequirements
{
    private const string OtherKernel =
        "Use a kernel built without it (the distribution's standard flavour), or give its configuration with --config when this is the "
            + "wrong file.";

    private static readonly (string[] AnyOf, string Reason)[] Required =
    [
        (["LIVEPATCH"], "the kernel has no livepatch core"),
        (["MODULES"], "the kernel loads no modules, and a livepatch is one"),
        (["MODULE_UNLOAD"], "a disabled livepatch could not be removed, and the symbols of modules' exit code come and go"),
        (["KALLSYMS"], "the livepatch core finds functions by name in kallsyms"),
        (["KALLSYMS_ALL"], "data symbols are not in kallsyms, so livepatch relocations against them fail"),
        (
            ["DYNAMIC_FTRACE_WITH_REGS", "DYNAMIC_FTRACE_WITH_ARGS"],
            "functions are redirected by ftrace handlers that change the instruction pointer"),
    ];

    private static readonly (string Option, string Reason)[] Refused =
    [
        ("GCC_PLUGIN_LATENT_ENTROPY", "the plugin puts other random numbers into the code at every compile"),
        ("RANDSTRUCT", "structure layouts depend on a seed that is not published"),
        ("GCC_PLUGIN_RANDSTRUCT", "structure layouts depend on a seed that is not published"),
        (
            "LTO_CLANG",
            "functions are inlined and renamed across files at the final link, so one file's object does not show what the kernel holds"),
        (
            "LTO_GCC",
            "functions are inlined and renamed across files at the final link, so one file's object does not show what the kernel holds"),
        ("CFI_CLANG", "every function carries a type hash that callers check, which a replaced function is not yet known to keep"),
        ("CFI", "every function carries a type hash that callers check, which a replaced function is not yet known to keep"),
        ("LD_DEAD_CODE_DATA_ELIMINATION", "the final link drops sections, so one file's object does not show what the kernel holds"),
        ("AUTOFDO_CLANG", "code is laid out by a profile that is not published"),
        ("PROPELLER_CLANG", "code is laid out by a profile that is not published"),
    ];

    /// <summary>Reports everything that stands in the way (LP0214, LP0215) or deserves a warning (LP0216).</summary>
    /// <returns>True when nothing fatal was reported.</returns>
    public static bool Check(KernelConfig config, DiagnosticBag diagnostics)
    {
        var isGood = true;
        foreach (var (options, reason) in Required)
        {
            if (!options.Any(config.IsBuiltIn))
            {
                diagnostics.Add(KernelDiagnostics.ConfigLacks.At(
                    config.Source, $"{string.Join(" or ", options.Select(static o => "CONFIG_" + o))} is not set: {reason}."));
                isGood = false;
            }
        }

        foreach (var (option, reason) in Refused)
        {
            if (config.IsSet(option))
            {
                diagnostics.Add(KernelDiagnostics.ConfigRefused.At(config.Source, $"CONFIG_{option} is set: {reason}.", OtherKernel));
                isGood = false;
            }
        }

        if (config.IsSet("LIVEPATCH") && !config.IsSet("HAVE_RELIABLE_STACKTRACE"))
        {
            diagnostics.Add(KernelDiagnostics.ConfigWarning.At(
                config.Source,
                "CONFIG_HAVE_RELIABLE_STACKTRACE is not set: sleeping tasks switch to the patched code only when they return to user "
                    + "space, so the transition may take long.",
                "Prefer a kernel with CONFIG_UNWINDER_ORC."));
        }

        if (config.IsSet("MODULE_SIG_FORCE"))
        {
            diagnostics.Add(KernelDiagnostics.ConfigWarning.At(
                config.Source,
                "CONFIG_MODULE_SIG_FORCE is set: the kernel loads signed modules only.",
                "Sign the finished module with a key the kernel trusts, as the last step."));
        }

        return isGood;
    }
}
