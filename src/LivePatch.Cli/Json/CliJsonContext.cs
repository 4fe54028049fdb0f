using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LivePatch.Cli.Json;

/// <summary>Serialisation without reflection, as NativeAOT needs it.</summary>
[
    JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DiffJson))]
[JsonSerializable(typeof(BuildJson))]
[JsonSerializable(typeof(InspectJson))]
[JsonSerializable(typeof(VerifyJson))]
[JsonSerializable(typeof(DoctorJson))]
[JsonSerializable(typeof(OwnersJson))]
internal sealed partial class CliJsonContext : JsonSerializerContext
{
    /// <summary>Readable output: names of kernel functions and messages need no HTML escapes.</summary>
    public static CliJsonContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
