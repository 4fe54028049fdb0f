using System.Diagnostics;
using System.Globalization;

namespace LivePatch.Core.Progress;

/// <summary>Says how far a piece of work over many objects is, and about how long the rest will take.</summary>
/// <param name="progress">Told.</param>
/// <param name="what">What is done, before the numbers: "compiling".</param>
/// <param name="total">How many objects there are.</param>
public sealed class WorkCounter(IBuildProgress progress, string what, int total)
{
    private const double SecondsBetween = 1;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private double _last;
    private int _done;

    /// <summary>One more is done. With few objects each one is told, with many one a second.</summary>
    public void Done(string name)
    {
        lock (_lock)
        {
            _done++;
            var seconds = _clock.Elapsed.TotalSeconds;
            if (total > 1 && (_done == total || seconds - _last >= SecondsBetween))
            {
                _last = seconds;
                progress.Stage(Text(what, _done, total, seconds));
            }
            else
            {
                progress.Log($"{what} {name}: done");
            }
        }
    }

    /// <summary>"compiling 12/87, about 40 s left".</summary>
    public static string Text(string what, int done, int total, double seconds)
    {
        var left = done == 0 ? 0 : seconds / done * (total - done);
        var rest = left < 1 ? string.Empty
            : left < 100 ? string.Create(CultureInfo.InvariantCulture, $", about {Math.Ceiling(left):0} s left")
            : string.Create(CultureInfo.InvariantCulture, $", about {Math.Ceiling(left / 60):0} min left");
        return string.Create(CultureInfo.InvariantCulture, $"{what} {done}/{total}{rest}");
    }
}
