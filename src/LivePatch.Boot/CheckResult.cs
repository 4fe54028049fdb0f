namespace LivePatch.Boot;

/// <summary>What a check script did in the guest.</summary>
/// <param name="ExitCode">0 = passed; 143 = ended by the time limit.</param>
/// <param name="Output">Its standard output and error, line by line, each line ended by a newline.</param>
public sealed record CheckResult(int ExitCode, string Output)
{
    /// <summary>True when the script exited with 0.</summary>
    public bool Passed => ExitCode == 0;
}
