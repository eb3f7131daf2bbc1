using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Protocol;
using LivingCity.Dataspace.Transfer;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>Sends a dataset to a consumer that asked for it by push, page by page, as far as the policy lets it out; then the transfer is complete. Each page is a use of its own.</summary>
internal sealed class Pusher(Database database, UsageMeter meter, DataGate gate, Areas areas, Upstream upstream, IHttpClientFactory clients, AddressGuard guard, TimeProvider time)
{
    private const int Page = 500;

    /// <returns>True when the transfer has ended, and the other side has to be told.</returns>
    public async Task<bool> PushAsync(string city, string transfer, CancellationToken cancellationToken)
    {
        TransferRow? row;
        await using (var work = await database.BeginAsync(city, cancellationToken))
        {
            row = await work.FindTransferAsync(transfer, cancellationToken);
        }

        if (row is not { Role: Role.Provider, Format: Dsp.HttpPush, State: TransferState.Started, Pending: null } || (await gate.DatasetAsync(database, row, cancellationToken))?.EntityType is not { } type)
        {
            return false;
        }

        var trouble = await SendAllAsync(row, type, cancellationToken);
        await using var end = await database.BeginAsync(city, cancellationToken);
        if (await end.LockTransferAsync(transfer, cancellationToken) is not { State: TransferState.Started } now)
        {
            return false;
        }

        var ended = trouble is null ? TransferSteps.Complete(now) : TransferSteps.Terminate(now, trouble);
        Management.TransferManagement.Save(end, now, ended, time.GetUtcNow());
        await end.CommitAsync(cancellationToken);
        return true;
    }

    /// <returns>Why not all could be sent, or null.</returns>
    private async Task<string?> SendAllAsync(TransferRow row, string type, CancellationToken cancellationToken)
    {
        if ((string?)row.DataAddressJson?["endpoint"] is not { } endpoint || guard.Check(endpoint) is not null)
        {
            return "There is no address to send to.";
        }

        for (var offset = 0; ; offset += Page)
        {
            var admission = await meter.AdmitAsync(new UsageRequest(row.Tenant, row.Id, row.TokenSha256 ?? [], "push"), cancellationToken);
            if (admission.Decision is not { Permitted: true } decision)
            {
                return admission.Reason;
            }

            if (decision.Grants.All(grant => grant.Form != Form.AsIs))
            {
                return "Only aggregates are permitted, which are fetched, not sent.";
            }

            var reading = await upstream.ReadAsync(row.Tenant, string.Create(CultureInfo.InvariantCulture, $"/ngsi-ld/v1/entities?type={Uri.EscapeDataString(type)}&limit={Page}&offset={offset}"), cancellationToken);
            if (reading.Status != StatusCodes.Status200OK || JsonNode.Parse(Encoding.UTF8.GetString(reading.Body)) is not JsonArray entities)
            {
                return "The service that keeps the data does not answer.";
            }

            var known = await areas.AllAsync(cancellationToken);
            var page = new JsonArray([.. entities.OfType<JsonObject>().Select(entity => EntityFilter.Apply(entity, decision.Grants, known)).OfType<JsonObject>()]);
            using var http = clients.CreateClient(OutgoingHttpExtensions.Guarded);
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(page.ToJsonString(), Encoding.UTF8, "application/json") };
            request.Headers.Authorization = row.EndpointProperty("authorization") is { } token ? new("Bearer", token) : null;
            using var answer = await http.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                return $"The consumer's address answers with {(int)answer.StatusCode}.";
            }

            if (entities.Count < Page)
            {
                return null;
            }
        }
    }
}
