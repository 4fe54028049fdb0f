namespace LivePatch.Core.Progress;

/// <summary>Told what the pipeline is doing; called from any thread.</summary>
public interface IBuildProgress
{
    /// <summary>A stage begins; it ends when the next one does.</summary>
    /// <param name="stage">What is done, as a phrase: "compiling fs/proc/meminfo.o".</param>
    void Stage(string stage);

    /// <summary>A line for the build log.</summary>
    void Log(string line);
}
