using System.Runtime.CompilerServices;

namespace LivePatch.TestSupport;

/// <summary>
/// The cache of the tests, shared by all of them and kept from run to run: work trees take half a minute to make. It lies in the checkout's
/// artifacts, and the user's own is never touched: this file is part of every test project, and turns the default cache to it before
/// any test runs.
/// </summary>
internal static class TestCache
{
    /// <summary>The cache, for --cache.</summary>
    public static string Root { get; } = Path.Combine(RepositoryRoot.Path, "artifacts", "test-cache", "klp-build");

    [ModuleInitializer]
    internal static void Use() => Environment.SetEnvironmentVariable("XDG_CACHE_HOME", Path.GetDirectoryName(Root));
}
