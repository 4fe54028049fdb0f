using System.Globalization;
using System.Text;

namespace LivePatch.Boot.Guest;

/// <summary>What the guest reported on its second serial port; the protocol stands at the head of <c>init.sh</c>.</summary>
internal sealed record GuestReport
{
    /// <summary>Steps begun, in order.</summary>
    public IReadOnlyList<string> Stages { get; private init; } = [];

    /// <summary>Taint masks by the moment they were read.</summary>
    public IReadOnlyDictionary<string, ulong> Taints { get; private init; } = new Dictionary<string, ulong>();

    /// <summary>Check scripts by name (before, after, reloaded, restored), with the round in front when there are several.</summary>
    public IReadOnlyDictionary<string, CheckResult> Checks { get; private init; } = new Dictionary<string, CheckResult>();

    /// <summary>Checks that were not run.</summary>
    public IReadOnlyList<string> Skipped { get; private init; } = [];

    /// <summary>Directories of the loaded patch, <c>OBJECT/FUNCTION,POS</c>.</summary>
    public IReadOnlyList<string> SysfsEntries { get; private init; } = [];

    /// <summary>The step that failed; null when none did.</summary>
    public GuestFailure? Failure { get; private init; }

    /// <summary>True when the script reached its end, be it after a failure.</summary>
    public bool IsDone { get; private init; }

    /// <summary>Lines that are none of the protocol's: QEMU's own messages.</summary>
    public IReadOnlyList<string> OtherLines { get; private init; } = [];

    /// <summary>The step a report line begins; null for other lines.</summary>
    public static string? StageOf(string line) =>
        line.StartsWith("@ stage ", StringComparison.Ordinal) ? line["@ stage ".Length..].Trim() : null;

    /// <summary>Reads what arrived; a guest that died mid-line gives what it managed to say.</summary>
    public static GuestReport Parse(IEnumerable<string> lines)
    {
        var stages = new List<string>();
        var taints = new Dictionary<string, ulong>(StringComparer.Ordinal);
        var checks = new Dictionary<string, CheckResult>(StringComparer.Ordinal);
        var skipped = new List<string>();
        var sysfs = new List<string>();
        var other = new List<string>();
        var payload = new StringBuilder();
        GuestFailure? failure = null;
        var done = false;
        foreach (var raw in lines)
        {
            var line = raw.TrimEnd('\r');
            if (line.StartsWith("| ", StringComparison.Ordinal))
            {
                payload.Append(line, 2, line.Length - 2).Append('\n');
                continue;
            }

            if (!line.StartsWith("@ ", StringComparison.Ordinal))
            {
                other.Add(line);
                continue;
            }

            var words = line[2..].Split(' ', 3);
            switch (words)
            {
                case ["stage", var name]:
                    stages.Add(name);
                    break;
                case ["taint", var moment, var mask] when ulong.TryParse(mask, CultureInfo.InvariantCulture, out var value):
                    // Taint never goes away: of several rounds the first one tells what was there without the livepatch.
                    taints.TryAdd(moment, value);
                    break;
                case ["check", var name, var code] when int.TryParse(code, CultureInfo.InvariantCulture, out var value):
                    checks[name] = new CheckResult(value, payload.ToString());
                    break;
                case ["skipped", var name]:
                    skipped.Add(name);
                    break;
                case ["sysfs", var entry]:
                    sysfs.Add(entry);
                    break;
                case ["fail", var what, ..]:
                    failure ??= new GuestFailure(what, words.Length > 2 ? words[2] : string.Empty, payload.ToString());
                    break;
                case ["done"]:
                    done = true;
                    break;
                default:
                    other.Add(line);
                    break;
            }

            payload.Clear();
        }

        return new GuestReport
        {
            Stages = stages,
            Taints = taints,
            Checks = checks,
            Skipped = skipped,
            SysfsEntries = sysfs,
            Failure = failure,
            IsDone = done,
            OtherLines = other,
        };
    }
}
