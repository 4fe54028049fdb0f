using System.Globalization;
using System.Text;

namespace LivePatch.ProofRuns;

/// <summary>What became of the breaks.</summary>
internal sealed class MutationTotals
{
    private readonly SortedDictionary<string, (int Made, int Caught)> _kinds = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _rules = new(StringComparer.Ordinal);

    public int Missed => MissedBreaks.Count;

    /// <summary>Those that were neither caught nor explained.</summary>
    public List<string> MissedBreaks { get; } = [];

    public int Made => _kinds.Values.Sum(static item => item.Made);

    public int Caught => _kinds.Values.Sum(static item => item.Caught);

    public void Add(string kind, bool isCaught)
    {
        var (made, caught) = _kinds.GetValueOrDefault(kind);
        _kinds[kind] = (made + 1, caught + (isCaught ? 1 : 0));
    }

    public void Explain(string rule) => _rules[rule] = _rules.GetValueOrDefault(rule) + 1;

    public string Report()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Made} breaks, {Caught} caught, {Made - Caught - Missed} explained, {Missed} missed\n");
        foreach (var (kind, (made, caught)) in _kinds)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {made,6} {caught,6} caught  {kind}\n");
        }

        foreach (var (rule, count) in _rules)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {count,6} explained: {rule}\n");
        }

        foreach (var missed in MissedBreaks)
        {
            text.Append(CultureInfo.InvariantCulture, $"  MISSED {missed}\n");
        }

        return text.ToString();
    }
}
