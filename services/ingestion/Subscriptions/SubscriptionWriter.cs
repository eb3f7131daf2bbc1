using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Registrations;
using LivingCity.Ingestion.Tenants;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Ingestion.Subscriptions;

/// <summary>Creates and changes subscriptions (ETSI GS CIM 009, clauses 5.8.1 and 5.8.2; 5.11.2 and 5.11.3).</summary>
internal sealed class SubscriptionWriter(Database database, ContextStore contexts, SubscriptionReader reader, TenantRegistry tenants, AddressGuard guard, TimeProvider time)
{
    public async Task CreateAsync(NgsiLdRequest request, SubscriptionKind kind, string id, JsonObject given, LdContext context)
    {
        var now = Instants.Now(time);
        var document = SubscriptionDocument.Expand(given, context);
        SubscriptionDocument.Check(kind, document, context, guard, now);
        var address = await contexts.AddressOfAsync(request, context);
        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        await tenants.RegisterAsync(work, request.Aborted);
        var row = new SubscriptionRow(
            id, kind, document, (string?)document["jsonldContext"] ?? address, address, await SubscriptionStore.LaneAsync(work, EndpointOf(document), request.Aborted),
            request.Http.Request.Headers["NGSILD-Tenant"].Count > 0 ? request.Owner : null, request.Snapshot);
        var active = await reader.ReadAsync(request.Tenant, row, request.Aborted);
        await SubscriptionStore.InsertAsync(work, row, now, request.Aborted);
        if (kind == SubscriptionKind.Sources)
        {
            await SourceNotifications.IntroduceAsync(work, active, now, request.Aborted);
        }

        await work.CommitAsync(request.Aborted);
        tenants.Remember(request.Tenant);
    }

    public async Task UpdateAsync(NgsiLdRequest request, SubscriptionKind kind, string id, JsonObject given, LdContext context)
    {
        var now = Instants.Now(time);
        var fragment = SubscriptionDocument.Expand(given, context);
        var address = await contexts.AddressOfAsync(request, context);
        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        var (row, _) = await SubscriptionStore.FindAsync(work, kind, id, toChange: true, request.Aborted) ?? throw SubscriptionEndpoints.NotFound(id);
        if (fragment.Count == 0)
        {
            throw NgsiLdException.BadRequestData("The body changes nothing.");
        }

        var document = SubscriptionDocument.Merge(row.Document, fragment);
        var queryContext = fragment.ContainsKey("q") || fragment.ContainsKey("csf") ? address : row.QueryContext;
        SubscriptionDocument.Check(kind, document, await contexts.ResolveAsync(request.Owner, queryContext, request.Aborted), guard, fragment.ContainsKey("expiresAt") ? now : null);
        var changed = row with
        {
            Document = document,
            QueryContext = queryContext,
            Context = (string?)fragment["jsonldContext"] ?? row.Context,
            Lane = await SubscriptionStore.LaneAsync(work, EndpointOf(document), request.Aborted),
        };
        var active = await reader.ReadAsync(request.Tenant, changed, request.Aborted);
        await SubscriptionStore.UpdateAsync(work, changed, now, request.Aborted);
        if (changed.Lane != row.Lane)
        {
            await SubscriptionStore.RedirectAsync(work, row.Lane, changed, active.Target, request.Aborted);
        }

        if (kind == SubscriptionKind.Sources)
        {
            await SourceNotifications.IntroduceAsync(work, active, now, request.Aborted); // clause 5.11.3.4
        }

        await work.CommitAsync(request.Aborted);
    }

    private static string EndpointOf(JsonObject document) => document["notification"]!["endpoint"]!["uri"]!.GetValue<string>();
}
