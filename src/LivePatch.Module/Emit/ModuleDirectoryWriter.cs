using System.Globalization;
using System.Text;
using LivePatch.Core.Diagnostics;
using LivePatch.Core.IO;

namespace LivePatch.Module.Emit;

/// <summary>Writes the directory a reviewer reads and rebuilds with make: C source, Kbuild file, Makefile, the extracted
/// objects and a README.</summary>
public static class ModuleDirectoryWriter
{
    /// <summary>Name of the extracted object's file, without ".o".</summary>
    public static string ObjectStem(KlpManifest manifest, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{manifest.ModuleName}-{index}-{Stem(manifest.Objects[index].SourceObject)}");

    /// <summary>Writes all files.</summary>
    /// <param name="manifest">What to write.</param>
    /// <param name="directory">Where; made when missing. Files of the same names are replaced.</param>
    /// <param name="headers">The kernel's build directory, the Makefile's default.</param>
    /// <param name="compiler">The compiler of the target kernel.</param>
    /// <exception cref="DiagnosticException">A file cannot be written.</exception>
    public static void Write(KlpManifest manifest, string directory, string headers, string compiler)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(CoreDiagnostics.CannotWrite.At(directory, problem.Message));
        }

        AtomicFile.WriteText(Path.Combine(directory, MainStem(manifest) + ".c"), ModuleSourceWriter.Write(manifest));
        AtomicFile.WriteText(Path.Combine(directory, "Kbuild"), Kbuild(manifest));
        AtomicFile.WriteText(Path.Combine(directory, "Makefile"), Makefile(headers, compiler));
        AtomicFile.WriteText(Path.Combine(directory, "README"), Readme(manifest));
        for (var index = 0; index < manifest.Objects.Count; index++)
        {
            // Kbuild copies X.o_shipped to X.o and neither compiles it nor runs objtool on it.
            AtomicFile.Write(Path.Combine(directory, ObjectStem(manifest, index) + ".o_shipped"), manifest.Objects[index].Content.Span);
        }
    }

    /// <summary>The source's stem. A module made of several objects cannot have one that is called like itself.</summary>
    private static string MainStem(KlpManifest manifest) => manifest.ModuleName + "-main";

    private static string Kbuild(KlpManifest manifest)
    {
        var stems = Enumerable.Range(0, manifest.Objects.Count).Select(index => ObjectStem(manifest, index)).ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"obj-m := {manifest.ModuleName}.o\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{manifest.ModuleName}-y := {MainStem(manifest)}.o {string.Join(' ', stems.Select(static stem => stem + ".o"))}\n\n");

        // Kbuild's own rule for shipped files records no command, and modpost wants a record for every object.
        text.Append("# The extracted objects are copied as they are: neither compiled nor changed.\n");
        text.Append("quiet_cmd_klp_copy = KLP     $@\n      cmd_klp_copy = cat $< > $@\n\n");
        foreach (var stem in stems)
        {
            text.Append(CultureInfo.InvariantCulture, $"targets += {stem}.o\n");
            text.Append(CultureInfo.InvariantCulture, $"$(obj)/{stem}.o: $(src)/{stem}.o_shipped FORCE\n\t$(call if_changed,klp_copy)\n");
        }

        return text.ToString();
    }

    private static string Makefile(string headers, string compiler) => $"""
        # 'make' links the module again; 'klp-build' then has to convert its relocations (see README).
        KDIR ?= {headers}
        CC := {compiler}

        all:
        	$(MAKE) -C $(KDIR) M=$(CURDIR) CC=$(CC) modules

        clean:
        	$(MAKE) -C $(KDIR) M=$(CURDIR) CC=$(CC) clean

        .PHONY: all clean

        """;

    private static string Stem(string path) =>
        string.Concat(Path.GetFileNameWithoutExtension(path).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));

    /// <summary>When patched modules may be loaded and unloaded.</summary>
    private static string Targets(KlpManifest manifest)
    {
        var modules =
            manifest.Objects.Select(static item => item.ObjectName)
                .Where(static name => name != Kernel.ModuleName.Vmlinux)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .ToList();
        if (modules.Count == 0)
        {
            return string.Empty;
        }

        var reload = manifest.Reload switch
        {
            TargetReload.Impossible => """
                Do not unload them while the livepatch is loaded: this kernel refuses to load them again then
                ("existing value is nonzero"), until the livepatch is disabled and removed.
                """,
            TargetReload.LivepatchResets => """
                They may be unloaded and loaded again under the livepatch: this kernel does not provide for that, a callback
                of the livepatch (forget_addresses in its source) does.
                """,
            _ => "They may be unloaded and loaded again under the livepatch.",
        };
        return $"""

            Patched modules: {string.Join(", ", modules)}
            The livepatch can be loaded before them, after them and without them; it is in force for each from the moment
            both are loaded. Refusal of the livepatch core to apply it to a module makes the module itself fail to load.
            {reload}

            """;
    }

    private static string Readme(KlpManifest manifest)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            {manifest.ModuleName}
            {new string('=', manifest.ModuleName.Length)}

            Livepatch module for exactly one kernel:
              {manifest.KernelVersionText}

            Made by klp-build {manifest.ToolVersion} from: {string.Join(", ", manifest.Patches)}
            SHA-256 of the patches: {manifest.PatchSha256}
            Replaces earlier livepatches: {(manifest.Replace ? "yes" : "no")}

            Functions replaced
            ------------------

            """);
        foreach (var item in manifest.Objects)
        {
            foreach (var function in item.Replaced)
            {
                var position = function.Sympos == 0
                    ? string.Empty
                    : string.Create(CultureInfo.InvariantCulture, $", occurrence {function.Sympos} of that name");
                text.Append(CultureInfo.InvariantCulture, $"  {function.ObjectName}: {function.OldName} ({item.SourceObject}{position})\n");
            }
        }

        var added = manifest.Objects.SelectMany(static item => item.Added.Select(name => $"  {name} ({item.SourceObject})\n")).ToList();
        if (added.Count > 0)
        {
            text.Append("\nFunctions added\n---------------\n").AppendJoin(string.Empty, added);
        }

        var symbols = manifest.Objects.SelectMany(static item => item.KlpSymbols)
            .Select(
                static symbol =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  {symbol.ObjectName}: {symbol.Name}{(symbol.Sympos == 0 ? string.Empty : $", occurrence {symbol.Sympos}")}\n"))
            .Distinct().ToList();
        if (symbols.Count > 0)
        {
            text.Append("\nUnexported symbols of the running kernel it uses\n------------------------------------------------\n")
                .AppendJoin(string.Empty, symbols);
        }

        if (manifest.Notes.Count > 0)
        {
            text.Append("\nNotes\n-----\n").AppendJoin(string.Empty, manifest.Notes.Select(static note => $"  {note}\n"));
        }

        text.Append(CultureInfo.InvariantCulture, $"""

            Use
            ---
              insmod {manifest.ModuleName}.ko
              cat /sys/kernel/livepatch/{manifest.RuntimeName}/transition    (0 when every task has switched)
              echo 0 > /sys/kernel/livepatch/{manifest.RuntimeName}/enabled  (go back; rmmod when transition is 0)

            Do not strip the module: the kernel uses its whole symbol table.
            {Targets(manifest)}
            Rebuild
            -------
              make
              klp-build postlink {manifest.ModuleName}.ko

            'make' compiles {MainStem(manifest)}.c and links it with the extracted objects (*.o_shipped). The result
            cannot be loaded before 'klp-build postlink' has turned its references to unexported symbols into
            the form the kernel's livepatch core reads.

            """);
        return text.ToString();
    }
}
