using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel;
using LivePatch.Kernel.Images;
using LivePatch.Module.Verify;

namespace LivePatch.Boot.Modules;

/// <summary>Which modules go into the guest, and in which order they are loaded there.</summary>
/// <param name="Files">All of them, each once.</param>
/// <param name="First">What to insert before anything else: extra modules and what the livepatch itself depends on.</param>
/// <param name="Targets">The patched modules with their dependencies, to insert when the order says so.</param>
/// <param name="Patched">Names of the patched modules.</param>
/// <param name="Dependencies">The kernel's modules; null when they are not known and none was needed.</param>
internal sealed record ModuleLoadPlan(
    IReadOnlyList<GuestModule> Files, IReadOnlyList<ModuleStep> First, IReadOnlyList<ModuleStep> Targets, IReadOnlyList<string> Patched,
    ModuleDependencies? Dependencies)
{
    /// <summary>Makes the plan; null after the reason was reported.</summary>
    public static ModuleLoadPlan? TryMake(
        BootVerifyRequest request, ModuleFacts livepatch, DiagnosticBag diagnostics)
    {
        var targets = request.TargetModules ?? TargetsOf(request.ExpectedFunctions ?? []);
        if (request.LoadOrder == TargetLoadOrder.Never)
        {
            targets = [];
        }

        // Without a list of modules the kernel's own requests are not answered; that fails only where a module is needed by name.
        var isNeeded = request.ExtraModules.Count + livepatch.Depends().Length + targets.Count > 0;
        var dependencies = TryReadDependencies(request.ModulesDirectory, isNeeded ? diagnostics : []);
        if (dependencies is null)
        {
            return isNeeded ? null : new ModuleLoadPlan([], [], [], [], null);
        }

        var given = request.ModuleFiles.ToLookup(ModuleName.FromPath, StringComparer.Ordinal);
        var collector = new Collector(request.ModulesDirectory, dependencies, given, diagnostics);
        var first = collector.Add([.. request.ExtraModules, .. livepatch.Depends()]);
        var last = collector.Add(targets);
        collector.AddOnDemand();
        return diagnostics.HasFatal
            ? null
            : new ModuleLoadPlan(collector.Files, first, last, [.. targets.Select(static name => name.Replace('-', '_'))], dependencies);
    }

    private static string[] TargetsOf(IReadOnlyList<ExpectedFunction> functions) =>
        [.. functions.Select(static function => function.ObjectName)
            .Where(static name => name != ModuleName.Vmlinux)
            .Distinct(StringComparer.Ordinal)];

    // A module's name has neither dots nor slashes.
    private static bool IsPath(string module) => module.AsSpan().IndexOfAny('/', '.') >= 0;

    private static ModuleDependencies? TryReadDependencies(string directory, DiagnosticBag diagnostics)
    {
        var path = Path.Combine(directory, "modules.dep");
        try
        {
            if (!File.Exists(path) && BuiltTreeModules.TryRead(directory, diagnostics) is { } built)
            {
                return built;
            }

            return ModuleDependencies.Parse(
                File.ReadAllText(path), Text("modules.builtin"), Text("modules.alias"), Text("modules.softdep"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(BootDiagnostics.ModuleMissing.At(path, $"The list of modules cannot be read: {problem.Message}"));
            return null;
        }

        string Text(string name) =>
            File.Exists(Path.Combine(directory, name)) ? File.ReadAllText(Path.Combine(directory, name)) : string.Empty;
    }

    /// <summary>Gathers files and load order; a module already in the guest is not loaded twice.</summary>
    private sealed class Collector(
        string directory, ModuleDependencies dependencies, ILookup<string, string> given, DiagnosticBag diagnostics)
    {
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);

        public List<GuestModule> Files { get; } = [];

        public List<ModuleStep> Add(IReadOnlyList<string> modules)
        {
            var order = new List<ModuleStep>();
            foreach (var module in modules)
            {
                if (IsPath(module))
                {
                    AddFile(module, order);
                }
                else
                {
                    AddByName(module, order, module);
                }
            }

            return order;
        }

        private void AddByName(string module, List<ModuleStep> order, string askedFor)
        {
            if (dependencies.IsBuiltIn(module) || _known.Contains(module.Replace('-', '_')))
            {
                return;
            }

            if (given[module.Replace('-', '_')].FirstOrDefault() is { } file)
            {
                AddFile(file, order);
                return;
            }

            var sequence = dependencies.LoadSequence(module);
            if (sequence is null)
            {
                diagnostics.Add(BootDiagnostics.ModuleMissing.At(
                    Path.Combine(directory, "modules.dep"), $"The module '{askedFor}' is not listed there and is not built in."));
                return;
            }

            foreach (var step in sequence)
            {
                Take(
                    Path.Combine(directory, step.Path),
                    Path.IsPathRooted(step.Path) ? Extra(step.Path) : step.Path,
                    step.IsOptional,
                    order);
            }
        }

        private void AddFile(string path, List<ModuleStep> order)
        {
            var content = ModuleFile.TryUnpack(path, diagnostics);
            using var module = content is null ? null : ElfObject.TryRead(content.Value, path, diagnostics);
            if (module is null)
            {
                return;
            }

            foreach (var needed in ModuleFacts.Read(module).Depends())
            {
                AddByName(needed, order, needed);
            }

            Take(path, Extra(path), isOptional: false, order);
        }

        /// <summary>What the kernel may ask for by itself, packed as it is: most of it is never unpacked.</summary>
        public void AddOnDemand()
        {
            foreach (var name in OnDemandModules.Choose(dependencies, SizeOf))
            {
                var path = dependencies.PathOf(name)!;
                if (!_known.Add(name))
                {
                    continue;
                }

                var host = Path.Combine(directory, path);
                var inGuest = Path.IsPathRooted(path) ? Extra(path) : path;
                if (!path.EndsWith(".zst", StringComparison.Ordinal))
                {
                    Files.Add(new GuestModule(name, host, inGuest, null));
                }
                else if (ModuleFile.TryUnpack(host, []) is { } content)
                {
                    // Busybox does not know this form.
                    Files.Add(GuestModule.Unpacked(host, inGuest, content));
                }
            }
        }

        private long? SizeOf(string path) => new FileInfo(Path.Combine(directory, path)) is { Exists: true } file ? file.Length : null;

        private static string Extra(string path) => "extra/" + Path.GetFileName(path);

        private void Take(string path, string inGuest, bool isOptional, List<ModuleStep> order)
        {
            var name = ModuleName.FromPath(path);
            if (!_known.Add(name))
            {
                return;
            }

            if (!File.Exists(path))
            {
                if (isOptional)
                {
                    return;
                }

                diagnostics.Add(BootDiagnostics.ModuleMissing.At(path, $"The file of the module '{name}' does not exist."));
                return;
            }

            if (ModuleFile.TryUnpack(path, diagnostics) is { } content)
            {
                var module = GuestModule.Unpacked(path, inGuest, content);
                Files.Add(module);
                order.Add(new ModuleStep(module.GuestPath, isOptional));
            }
        }
    }
}
