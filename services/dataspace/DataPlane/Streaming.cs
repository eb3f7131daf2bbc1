using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Contracts.Ingestion;
using LivingCity.Dataspace.Protocol;
using LivingCity.Dataspace.Transfer;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Messaging;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>
/// Sends new observations to the consumers of streams, as NGSI-LD notifications (ETSI GS CIM 009, 5.3.1), as far as each policy lets them out. Each notification is a use like any other: admitted, counted, noted.
/// </summary>
internal sealed class Streaming(Database database, UsageMeter meter, Areas areas, Upstream upstream, IHttpClientFactory clients, AddressGuard guard) : IMessageWorker<ObservationsRecorded>
{
    public async Task WorkAsync(ObservationsRecorded message, string? tenant, CancellationToken cancellationToken)
    {
        upstream.Forget(message.City);
        IReadOnlyList<(string Transfer, string EntityType)> streams;
        await using (var work = await database.BeginAsync(message.City, cancellationToken))
        {
            streams = (await work.Connection.QueryAsync<(string, string)>(new CommandDefinition("""
                SELECT t.id, d.entity_type FROM transfer t JOIN dataset d ON d.id = t.dataset_id AND d.tenant = t.tenant
                WHERE t.tenant = @tenant AND t.role = 'provider' AND t.state = 'STARTED' AND t.format = @format AND d.entity_type = ANY(@types)
                """, new { tenant = work.Tenant, format = Dsp.Stream, types = message.Observations.Select(observation => observation.EntityType).Distinct().ToArray() }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        }

        foreach (var (transfer, type) in streams)
        {
            await SendAsync(message, transfer, type, cancellationToken);
        }
    }

    private async Task SendAsync(ObservationsRecorded message, string transfer, string type, CancellationToken cancellationToken)
    {
        TransferRow row;
        await using (var work = await database.BeginAsync(message.City, cancellationToken))
        {
            row = (await work.FindTransferAsync(transfer, cancellationToken))!;
        }

        if (row.EndpointProperty("authorization") is not { } token || (string?)row.DataAddressJson?["endpoint"] is not { } endpoint || guard.Check(endpoint) is not null)
        {
            return;
        }

        var admission = await meter.AdmitAsync(new UsageRequest(message.City, transfer, row.TokenSha256 ?? [], "notification"), cancellationToken);
        if (admission.Decision is not { Permitted: true } decision)
        {
            return;
        }

        var known = await areas.AllAsync(cancellationToken);
        var entities = message.Observations.Where(observation => observation.EntityType == type).Select(observation => EntityFilter.Apply(Entity(observation), decision.Grants, known)).OfType<JsonObject>().ToArray<JsonNode>();
        if (entities.Length == 0)
        {
            return;
        }

        var notification = new JsonObject
        {
            ["id"] = $"urn:ngsi-ld:Notification:{Guid.CreateVersion7()}",
            ["type"] = "Notification",
            ["subscriptionId"] = row.Id,
            ["notifiedAt"] = message.RecordedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["data"] = new JsonArray(entities),
        };
        using var http = clients.CreateClient(OutgoingHttpExtensions.Guarded);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(notification.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await http.SendAsync(request, cancellationToken);
    }

    private static JsonObject Entity(Observation observation)
    {
        var entity = new JsonObject { ["id"] = observation.EntityId, ["type"] = observation.EntityType };
        var at = observation.ObservedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var (name, measurement) in observation.Values)
        {
            var property = new JsonObject { ["type"] = "Property", ["value"] = measurement.Value, ["observedAt"] = at };
            if (measurement.UnitCode is { } unit)
            {
                property["unitCode"] = unit;
            }

            entity[name] = property;
        }

        if (observation.Location is { } place)
        {
            entity["location"] = new JsonObject { ["type"] = "GeoProperty", ["value"] = new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(place.Longitude, place.Latitude) } };
        }

        return entity;
    }
}
