using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Ingestion.Subscriptions;

/// <summary>
/// Subscriptions to entities (ETSI GS CIM 009, clauses 5.8, 6.10 and 6.11) and to context sources (clauses 5.11, 6.12 and 6.13): one life, two kinds.
/// </summary>
internal sealed class SubscriptionEndpoints(SubscriptionKind kind, string path)
{
    private const int MaxLimit = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        var reading = routes.MapGroup(path).RequireAuthorization(Access.SignedIn).WithTags("NGSI-LD");
        var writing = routes.MapGroup(path).RequireAuthorization(Access.DataOfficer).WithTags("NGSI-LD");
        writing.MapPost("/", CreateAsync).WithSummary("Creates a subscription. 201: Location names it.");
        reading.MapGet("/", QueryAsync).WithSummary("The subscriptions, in the order of their creation.");
        reading.MapGet("/{id}", GetAsync).WithSummary("One subscription with its status and counters.");
        writing.MapPatch("/{id}", UpdateAsync).WithSummary("Changes the members that are given; null removes one.");
        writing.MapDelete("/{id}", DeleteAsync).WithSummary("Ends a subscription. What waits to be delivered is not delivered any more.");
    }

    /// <summary>Both kinds are of this type (clause 5.2.12).</summary>
    private const string TypeName = "Subscription";

    private async Task<Created> CreateAsync(NgsiLdRequest request, SubscriptionWriter writer)
    {
        var (body, context) = await request.ReadAsync();
        RequireType(body, required: true);
        var id = IdOf(body) ?? $"urn:ngsi-ld:{TypeName}:{Guid.CreateVersion7()}";
        await writer.CreateAsync(request, kind, id, JsonObject.Create(body)!, context);
        return TypedResults.Created($"/ngsi-ld/v1{path}/{PathSegment.Of(id)}");
    }

    private async Task<Answer> QueryAsync(NgsiLdRequest request, Database database, TimeProvider time)
    {
        var limit = request.Number("limit", 0, MaxLimit) ?? 20;
        var offset = request.Number("offset", 0) ?? 0;
        var counted = request.Flag("count");
        if (limit == 0 && !counted)
        {
            throw NgsiLdException.BadRequestData("limit: 0 is for counting only, with count=true.");
        }

        var names = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, names);
        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        var found = await SubscriptionStore.ListAsync(work, kind, limit + 1, offset, request.Aborted);
        long? count = counted ? await SubscriptionStore.CountAsync(work, kind, request.Aborted) : null;
        PageLinks.Write(request, limit, offset, found.Count > limit, count, shape.MediaType);
        var now = time.GetUtcNow();
        var array = new JsonArray([.. found.Take(limit).Select(item => Finish(SubscriptionAnswer.Write(item.Row, item.State, names, request.Option("sysAttrs"), now), shape))]);
        return new Answer(shape.MediaType, writer => array.WriteTo(writer), shape.ContextAddress);
    }

    private async Task<Answer> GetAsync(NgsiLdRequest request, string id, Database database, TimeProvider time)
    {
        Uris.Require(id, "id");
        var names = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, names);
        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        var (row, state) = await SubscriptionStore.FindAsync(work, kind, id, toChange: false, request.Aborted) ?? throw NotFound(id);
        return Answer.Object(shape, SubscriptionAnswer.Write(row, state, names, request.Option("sysAttrs"), time.GetUtcNow()));
    }

    private async Task<NoContent> UpdateAsync(NgsiLdRequest request, string id, SubscriptionWriter writer)
    {
        Uris.Require(id, "id");
        var (body, context) = await request.ReadAsync();
        RequireType(body, required: false);
        if (IdOf(body) is { } given && given != id)
        {
            throw NgsiLdException.BadRequestData("id: it cannot be changed.");
        }

        await writer.UpdateAsync(request, kind, id, JsonObject.Create(body)!, context);
        return TypedResults.NoContent();
    }

    private async Task<NoContent> DeleteAsync(NgsiLdRequest request, string id, Database database, TimeProvider time)
    {
        Uris.Require(id, "id");
        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        if (!await SubscriptionStore.DeleteAsync(work, kind, id, Instants.Now(time), request.Aborted))
        {
            throw NotFound(id);
        }

        await work.CommitAsync(request.Aborted);
        return TypedResults.NoContent();
    }

    internal static NgsiLdException NotFound(string id) => NgsiLdException.ResourceNotFound($"There is no subscription {id}.");

    private static void RequireType(JsonElement body, bool required)
    {
        if (body.TryGetProperty("type", out var type) ? type.ValueKind != JsonValueKind.String || !type.ValueEquals(TypeName) : required)
        {
            throw NgsiLdException.BadRequestData($"type: {TypeName} is required.");
        }
    }

    private static string? IdOf(JsonElement body) => !body.TryGetProperty("id", out var id) ? null : Uris.Require(id.ValueKind == JsonValueKind.String ? id.GetString() : id.GetRawText(), "id");

    private static JsonObject Finish(JsonObject subscription, Shape shape)
    {
        if (shape.ContextMember is { } member)
        {
            subscription["@context"] = member.DeepClone();
        }

        return subscription;
    }
}
