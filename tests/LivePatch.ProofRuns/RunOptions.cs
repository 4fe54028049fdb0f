namespace LivePatch.ProofRuns;

/// <summary>What a run was asked for.</summary>
internal sealed record RunOptions
{
    public required string Release { get; init; }

    public required string Cache { get; init; }

    public required IReadOnlyList<string> Modules { get; init; }

    /// <summary>Breaks of each module.</summary>
    public int Mutations { get; init; }

    public int Seed { get; init; } = 1;

    public bool ShowsPrivate { get; init; }

    /// <summary>Modules that the kernel's directory does not have, by name.</summary>
    public IReadOnlyDictionary<string, string> Given { get; init; } = new Dictionary<string, string>();

    public static RunOptions? TryParse(string[] arguments)
    {
        string? release = null, cache = null;
        var result = new RunOptions { Release = string.Empty, Cache = string.Empty, Modules = [] };
        var modules = new List<string>();
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < arguments.Length; index++)
        {
            string? Next() => ++index < arguments.Length ? arguments[index] : null;
            switch (arguments[index])
            {
                case "--kernel":
                    release = Next();
                    break;
                case "--cache":
                    cache = Next();
                    break;
                case "--mutations" when int.TryParse(Next(), out var count):
                    result = result with { Mutations = count };
                    break;
                case "--seed" when int.TryParse(Next(), out var seed):
                    result = result with { Seed = seed };
                    break;
                case "--module" when Next() is { } file:
                    given[Path.GetFileNameWithoutExtension(file)] = file;
                    break;
                case "--private":
                    result = result with { ShowsPrivate = true };
                    break;
                case { } name when !name.StartsWith('-'):
                    modules.Add(name);
                    break;
                default:
                    return null;
            }
        }

        return release is null || cache is null || modules.Count == 0 ? null
            : result with { Release = release, Cache = cache, Modules = modules, Given = given };
    }
}
