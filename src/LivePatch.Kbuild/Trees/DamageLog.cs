using LivePatch.Core.Progress;

namespace LivePatch.Kbuild.Trees;

/// <summary>Says once of each part of the cache that it was found damaged, however often it is looked at until it is made anew.</summary>
internal sealed class DamageLog(IBuildProgress progress)
{
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    public void Add(string message)
    {
        lock (_said)
        {
            if (_said.Add(message))
            {
                progress.Stage(message);
            }
        }
    }
}
