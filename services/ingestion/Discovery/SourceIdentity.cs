using System.Text.Json.Nodes;
using System.Xml;
using LivingCity.Ingestion.Entities;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Discovery;

/// <summary>Who this broker is among brokers (ETSI GS CIM 009, clauses 5.2.39 and 5.15). Setting <c>Broker:Alias</c> names it; else its database does, so that replicas share the name.</summary>
internal sealed class SourceIdentity(Database database, IConfiguration configuration, TimeProvider time)
{
    private readonly DateTimeOffset started = time.GetUtcNow();
    private string? alias = configuration["Broker:Alias"];

    /// <summary>The name under which other brokers know this one, as in a <c>Via</c> header.</summary>
    public async ValueTask<string> AliasAsync(CancellationToken cancellationToken)
    {
        if (alias is null)
        {
            await using var work = await database.BeginAsync(null, cancellationToken);
            await using var command = work.Command("SELECT alias FROM source_identity");
            alias = (string?)await command.ExecuteScalarAsync(cancellationToken);
        }

        return alias!;
    }

    public async Task<JsonObject> DescribeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var name = await AliasAsync(cancellationToken);
        return new JsonObject
        {
            ["id"] = $"urn:ngsi-ld:ContextSourceIdentity:{name}",
            ["type"] = "ContextSourceIdentity",
            ["contextSourceAlias"] = name,
            ["contextSourceUptime"] = XmlConvert.ToString(TimeSpan.FromSeconds(Math.Floor((now - started).TotalSeconds))),
            ["contextSourceTimeAt"] = Instants.Write(now),
            ["contextSourceExtras"] = new JsonObject(),
        };
    }
}
