using System.Globalization;
using LivePatch.Boot.Modules;
using LivePatch.Core.Processes;

namespace LivePatch.Boot.Guest;

/// <summary>The script the guest runs (<c>Guest/init.sh</c>), and the settings it reads.</summary>
internal static class GuestScript
{
    /// <summary>Text of the init script; the same for every run.</summary>
    public static string Init() => Text("guest-init.sh");

    /// <summary>Text of the program that loads what the kernel asks for (<c>Guest/modprobe.sh</c>).</summary>
    public static string Modprobe() => Text("guest-modprobe.sh");

    private static string Text(string name)
    {
        using var stream = typeof(GuestScript).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The script {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Shell assignments for one run.</summary>
    /// <param name="name">The livepatch module's name.</param>
    /// <param name="plan">What to load.</param>
    /// <param name="request">Order and limits.</param>
    public static string Settings(string name, ModuleLoadPlan plan, BootVerifyRequest request)
    {
        string[] lines =
        [
            Assign("NAME", name),
            Assign("ORDER", request.LoadOrder.ToString().ToLowerInvariant()),
            Assign("FIRST", string.Join(' ', plan.First)),
            Assign("TARGETS", string.Join(' ', plan.Targets)),
            Assign("PATCHED", string.Join(' ', plan.Patched)),
            Assign("CHECK_SECONDS", Seconds(request.CheckTimeout)),
            Assign("TRANSITION_SECONDS", Seconds(request.TransitionTimeout)),
            string.Empty,
        ];
        return string.Join('\n', lines);
    }

    private static string Assign(string name, string value) => $"{name}={ShellText.Quote(value)}";

    private static string Seconds(TimeSpan time) =>
        ((long)Math.Max(1, Math.Ceiling(time.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
}
