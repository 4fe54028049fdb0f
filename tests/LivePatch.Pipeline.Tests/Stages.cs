using LivePatch.Core.Progress;

namespace LivePatch.Pipeline.Tests;

/// <summary>Keeps the stages that it is told of.</summary>
internal sealed class Stages : IBuildProgress
{
    private readonly List<string> _stages = [];

    public IReadOnlyList<string> All
    {
        get
        {
            lock (_stages)
            {
                return [.. _stages];
            }
        }
    }

    public void Stage(string stage)
    {
        lock (_stages)
        {
            _stages.Add(stage);
        }
    }

    public void Log(string line)
    {
    }
}
