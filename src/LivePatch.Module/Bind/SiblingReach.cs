using LivePatch.Core.Diagnostics;
using LivePatch.Kernel;
using LivePatch.Module.Extract;

namespace LivePatch.Module.Bind;

/// <summary>
/// Refuses uses of new code that may run before its own references are resolved. The livepatch core writes what refers to
/// a module's symbols when that module is there. New code of the module may be called from elsewhere only if it needs
/// none of them, or if the caller's module cannot be loaded without the other one.
/// </summary>
public static class SiblingReach
{
    /// <summary>Checks all objects of a module.</summary>
    /// <param name="objects">The extracted objects.</param>
    /// <param name="dependsOn">Tells whether a module (first) is never there without another (second).</param>
    /// <param name="diagnostics">Receives the refusals.</param>
    public static void Check(IReadOnlyList<ExtractedObject> objects, Func<string, string, bool> dependsOn, DiagnosticBag diagnostics)
    {
        var shared = objects.SelectMany(static item => item.Shared.Select(symbol => (Object: item, Symbol: symbol)))
            .ToDictionary(static pair => pair.Symbol.LinkName, StringComparer.Ordinal);
        foreach (var user in objects)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var queue = new Queue<(string LinkName, string First)>(user.SiblingUses.Select(static use => (use, use)));
            while (queue.TryDequeue(out var use))
            {
                if (!seen.Add(use.LinkName) || !shared.TryGetValue(use.LinkName, out var target))
                {
                    continue;
                }

                var owner = target.Object.ObjectName;
                if (target.Symbol.LateSymbol is { } late && owner != user.ObjectName && owner != ModuleName.Vmlinux
                    && !dependsOn(user.ObjectName, owner))
                {
                    diagnostics.Add(SiblingDiagnostics.LateSibling.At(
                        DiagnosticLocation.InSymbol(target.Object.SourceObject, target.Symbol.Name),
                        $"Code of {user.SourceObject} ({user.ObjectName}) uses {shared[use.First].Symbol.Name}, which needs {late} of "
                            + $"the module {owner}; that is not known while {owner} is not loaded."));
                }

                foreach (var next in target.Symbol.SiblingUses)
                {
                    queue.Enqueue((next, use.First));
                }
            }
        }
    }
}
