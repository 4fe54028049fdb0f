namespace LivePatch.Diff.Tests.Fixtures;

/// <summary>One case for one compiler: how to build it and what must come out. See kernel-fixtures/README.md.</summary>
public sealed record FixtureCase(string Name, string Directory, string Compiler)
{
    /// <summary>Flags added to the kernel-like ones.</summary>
    public List<string> Flags { get; } = [];

    /// <summary>Files to compile; several are joined by ld -r.</summary>
    public List<string> Sources { get; } = [];

    /// <summary>"vmlinux" or a module's name.</summary>
    public string ObjectName { get; set; } = "vmlinux";

    /// <summary>Undefined symbols that a module defines.</summary>
    public HashSet<string> ModuleOwned { get; } = new(StringComparer.Ordinal);

    /// <summary>Undefined symbols that lie in read-only memory of the running kernel.</summary>
    public HashSet<string> ReadOnly { get; } = new(StringComparer.Ordinal);

    /// <summary>Entry sizes in bytes by structure, those of Linux 6.1 unless the case says otherwise.</summary>
    public Dictionary<string, int> StructSizes { get; } = new(StringComparer.Ordinal)
    {
        ["bug_entry"] = 12,
        ["exception_table_entry"] = 12,
        ["jump_entry"] = 16,
        ["static_call_site"] = 8,
        ["alt_instr"] = 12,
        ["paravirt_patch_site"] = 16,
        ["orc_entry"] = 6,
    };

    /// <summary>Where the patch moved source lines; null when the case does not say.</summary>
    public Dictionary<int, int>? MovedLines { get; set; }

    /// <summary>Variables the author pairs.</summary>
    public List<(string Original, string Patched)> Pairs { get; } = [];

    /// <summary>Functions whose changed prototype the author accepts.</summary>
    public List<string> AllowedPrototypes { get; } = [];

    /// <summary>Replaced functions, all of them.</summary>
    public List<string> Changed { get; } = [];

    /// <summary>New functions, all of them.</summary>
    public List<string> New { get; } = [];

    /// <summary>True when nothing may be found to have changed.</summary>
    public bool NoChange { get; set; }

    /// <summary>Refusals and errors, all of them.</summary>
    public List<Finding> Refusals { get; } = [];

    /// <summary>True when the case is about an object that cannot be read: that fails with an error and no refusal. LP0403 is an error of
    /// copying.</summary>
    public bool IsUnreadable =>
        Refusals.Exists(
            static refusal => refusal.Id.StartsWith("LP04", StringComparison.Ordinal) && refusal.Id is not ("LP0403" or "LP0405"));

    /// <summary>Notes and warnings that must be among those reported.</summary>
    public List<Finding> Notes { get; } = [];

    /// <summary>Patterns of names the output must leave to the running kernel.</summary>
    public List<string> Klp { get; } = [];

    /// <summary>Patterns of names the output must not leave to the running kernel.</summary>
    public List<string> NoKlp { get; } = [];

    /// <summary>Patterns of names the output must define.</summary>
    public List<string> Defines { get; } = [];

    /// <summary>Patterns of names the output must define with local binding.</summary>
    public List<string> Local { get; } = [];

    /// <summary>Patterns of names the output must neither define nor refer to.</summary>
    public List<string> Lacks { get; } = [];

    /// <summary>Entries a table of the output must have; 0 when the section must be absent or empty.</summary>
    public List<(string Section, int Count)> Entries { get; } = [];

    /// <summary>Bytes a section of the output must have.</summary>
    public List<(string Section, int Count)> Bytes { get; } = [];

    /// <summary>Strings the output must contain.</summary>
    public List<string> Strings { get; } = [];

    /// <summary>Fields of the output: the function, what it refers to, and how far from its beginning.</summary>
    public List<(string Function, string Target, long Offset)> Refers { get; } = [];

    /// <summary>Functions whose tracer call the output must list in __mcount_loc.</summary>
    public List<string> Mcount { get; } = [];

    /// <summary>Why the engine does not yet pass this case; null when it must.</summary>
    public string? Pending { get; set; }

    /// <summary>Why the engine finds a change between one of the objects and itself; null when it must not.</summary>
    public string? PendingSelf { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Compiler})";
}
