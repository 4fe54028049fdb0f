using LivePatch.Module.Verify;

namespace LivePatch.Boot.Modules;

/// <summary>What booting asks of a module's own description.</summary>
internal static class ModuleFactsExtensions
{
    /// <summary>Modules that must be loaded first (modinfo <c>depends</c>).</summary>
    public static string[] Depends(this ModuleFacts facts) =>
        Depends(facts.Information);

    /// <summary>The same, from the entries of .modinfo.</summary>
    public static string[] Depends(IReadOnlyList<KeyValuePair<string, string>> information) =>
        [
            .. information.Where(static entry => entry.Key == "depends")
                .SelectMany(static entry => entry.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>The functions a livepatch's tables replace; null when the tables cannot be read from the file.</summary>
    public static IReadOnlyList<ExpectedFunction>? ExpectedFunctions(this ModuleFacts facts) =>
        facts.Functions.Count == 0
            ? null
            : [
                .. facts.Functions.Select(
                    static function => new ExpectedFunction(function.ObjectName, function.OldName, (int)function.Sympos))];
}
