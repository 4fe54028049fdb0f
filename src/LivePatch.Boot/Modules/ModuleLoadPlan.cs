using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Kernel;
using LivePatch.Module.Verify;

namespace LivePatch.Boot.Modules;

/// <summary>Which modules go into the guest, and in which order they are loaded there.</summary>
/// <param name="Files">All of them, each once.</param>
/// <param name="First">Names to load before anything else: extra modules and what the livepatch itself depends on.</param>
/// <param name="Targets">Names of the patched modules with their dependencies, to load when the order says so.</param>
internal sealed record ModuleLoadPlan(
    IReadOnlyList<GuestModule> Files, IReadOnlyList<string> First, IReadOnlyList<string> Targets)
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

        if (request.ExtraModules.Count + livepatch.Depends().Length + targets.Count == 0)
        {
            return new ModuleLoadPlan([], [], []);
        }

        var dependencies = TryReadDependencies(request.ModulesDirectory, diagnostics);
        if (dependencies is null)
        {
            return null;
        }

        var given = request.ModuleFiles.ToLookup(ModuleName.FromPath, StringComparer.Ordinal);
        var collector = new Collector(request.ModulesDirectory, dependencies, given, diagnostics);
        var first = collector.Add([.. request.ExtraModules, .. livepatch.Depends()]);
        var last = collector.Add(targets);
        return diagnostics.HasFatal ? null : new ModuleLoadPlan(collector.Files, first, last);
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

            var builtIn = Path.Combine(directory, "modules.builtin");
            return ModuleDependencies.Parse(File.ReadAllText(path), File.Exists(builtIn) ? File.ReadAllText(builtIn) : string.Empty);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(BootDiagnostics.ModuleMissing.At(path, $"The list of modules cannot be read: {problem.Message}"));
            return null;
        }
    }

    /// <summary>Gathers files and load order; a module already in the guest is not loaded twice.</summary>
    private sealed class Collector(string directory, ModuleDependencies dependencies, ILookup<string, string> given, DiagnosticBag diagnostics)
    {
        private readonly HashSet<string> _known = new(StringComparer.Ordinal);

        public List<GuestModule> Files { get; } = [];

        public List<string> Add(IReadOnlyList<string> modules)
        {
            var order = new List<string>();
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

        private void AddByName(string module, List<string> order, string askedFor)
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

            foreach (var path in sequence)
            {
                Take(Path.Combine(directory, path), order);
            }
        }

        private void AddFile(string path, List<string> order)
        {
            var content = ModuleFile.TryRead(path, diagnostics);
            using var module = content is null ? null : ElfObject.TryRead(content.Value, path, diagnostics);
            if (module is null)
            {
                return;
            }

            foreach (var needed in ModuleFacts.Read(module).Depends())
            {
                AddByName(needed, order, needed);
            }

            Take(path, order);
        }

        private void Take(string path, List<string> order)
        {
            var name = ModuleName.FromPath(path);
            if (!_known.Add(name))
            {
                return;
            }

            if (!File.Exists(path))
            {
                diagnostics.Add(BootDiagnostics.ModuleMissing.At(path, $"The file of the module '{name}' does not exist."));
                return;
            }

            if (ModuleFile.TryRead(path, diagnostics) is { } content)
            {
                Files.Add(new GuestModule(name, content));
                order.Add(name);
            }
        }
    }
}
