using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>How requests for an offer are answered.</summary>
internal static class Approval
{
    /// <summary>The offer's own terms are agreed to at once; other terms are answered with the offer.</summary>
    public const string Automatic = "automatic";

    /// <summary>A person decides.</summary>
    public const string Manual = "manual";
}

/// <summary>What a dataset may be used for.</summary>
internal sealed record OfferRow
{
    public required string Tenant { get; init; }

    public required string Id { get; init; }

    public required string DatasetId { get; init; }

    /// <summary>JSON of the rules, as the protocol writes them.</summary>
    public required string Policy { get; init; }

    public required string Approval { get; init; }

    public long Version { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>The offer as a message carries it, with its target.</summary>
    public JsonObject ToMessageOffer() => Terms(Id, DatasetId, JsonNode.Parse(Policy)!.AsObject());

    public static JsonObject Terms(string id, string target, JsonObject rules)
    {
        var offer = new JsonObject { ["@id"] = id, ["@type"] = "Offer", ["target"] = target };
        foreach (var (name, value) in rules)
        {
            offer[name] = value?.DeepClone();
        }

        return offer;
    }
}

internal static class OfferStore
{
    private const string Columns = "tenant, id, dataset_id, policy, approval, version, created_at";

    public static Task<OfferRow?> FindOfferAsync(this Work work, string id, CancellationToken cancellationToken) =>
        work.Connection.QuerySingleOrDefaultAsync<OfferRow?>(new CommandDefinition($"SELECT {Columns} FROM offer WHERE id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken));

    public static async Task<IReadOnlyList<OfferRow>> OffersOfAsync(this Work work, IReadOnlyList<string> datasets, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<OfferRow>(new CommandDefinition($"SELECT {Columns} FROM offer WHERE dataset_id = ANY(@datasets) ORDER BY dataset_id, id", new { datasets = datasets.ToArray() }, work.Transaction, cancellationToken: cancellationToken))).AsList();

    /// <summary>Who provides a dataset, and the offer of it with this id; null when there is no such dataset.</summary>
    public static Task<(string Tenant, OfferRow? Offer)?> OfferedAsync(Database database, string dataset, string offer, string? city, CancellationToken cancellationToken) => database.ReadAsync<(string, OfferRow?)?>(
        "",
        [
            new("""
                SELECT d.tenant AS owner, o.* FROM dataset d LEFT JOIN offer o ON o.id = $2 AND o.dataset_id = d.id WHERE d.id = $1 AND ($3::text IS NULL OR d.tenant = $3)
                """)
            {
                Parameters = { new() { Value = dataset }, new() { Value = offer }, new() { Value = (object?)city ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } },
            },
        ],
        async rows => !await rows.ReadAsync(cancellationToken) ? null : (rows.GetString(0), await rows.IsDBNullAsync(1, cancellationToken) ? null : rows.GetRowParser<OfferRow>(startIndex: 1)(rows)),
        cancellationToken);
}
