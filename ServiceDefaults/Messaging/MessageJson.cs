using System.Text.Json;
using System.Text.Json.Serialization;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>How messages look on the wire and in the outbox: camelCase, enums by name, absent when null. A golden test pins it.</summary>
public static class MessageJson
{
    /// <summary>The options that the outbox and the bus share.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions());

    /// <summary>Makes these the rules of other options, for instance those of a bus.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        return options;
    }
}
