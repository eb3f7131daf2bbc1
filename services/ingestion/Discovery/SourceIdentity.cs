using System.Text.Json.Nodes;
using System.Xml;
using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Discovery;

/// <summary>Who this broker is among brokers (ETSI GS CIM 009, clauses 5.2.39 and 5.15): setting <c>Broker:Alias</c> names it.</summary>
internal sealed class SourceIdentity(IConfiguration configuration, TimeProvider time)
{
    private readonly DateTimeOffset started = time.GetUtcNow();

    /// <summary>The name under which other brokers know this one, for instance in a <c>Via</c> header.</summary>
    public string Alias { get; } = configuration["Broker:Alias"] ?? "living-city";

    public JsonObject Describe()
    {
        var now = time.GetUtcNow();
        return new JsonObject
        {
            ["id"] = $"urn:ngsi-ld:ContextSourceIdentity:{Alias}",
            ["type"] = "ContextSourceIdentity",
            ["contextSourceAlias"] = Alias,
            ["contextSourceUptime"] = XmlConvert.ToString(TimeSpan.FromSeconds(Math.Floor((now - started).TotalSeconds))),
            ["contextSourceTimeAt"] = Instants.Write(now),
            ["contextSourceExtras"] = new JsonObject(),
        };
    }
}
