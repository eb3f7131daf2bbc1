using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Subscriptions;
using LivingCity.Ingestion.Tenants;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Ingestion.Registrations;

/// <summary>Registrations of context sources and their discovery (ETSI GS CIM 009, clauses 5.9, 5.10, 6.8 and 6.9).</summary>
internal static class RegistrationEndpoints
{
    private const string Path = "/csourceRegistrations";
    private const int MaxLimit = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var reading = routes.MapGroup(Path).RequireAuthorization(Access.SignedIn).WithTags("NGSI-LD");
        var writing = routes.MapGroup(Path).RequireAuthorization(Access.DataOfficer).WithTags("NGSI-LD");
        writing.MapPost("/", CreateAsync).WithSummary("Registers a context source. 201: Location names the registration.");
        reading.MapGet("/", QueryAsync).WithSummary("The registrations of sources that may have what is asked for.");
        reading.MapGet("/{id}", GetAsync).WithSummary("One registration.");
        writing.MapPatch("/{id}", UpdateAsync).WithSummary("Changes the members that are given; null removes one.");
        writing.MapDelete("/{id}", DeleteAsync).WithSummary("Ends a registration.");
    }

    private static async Task<Created> CreateAsync(
        NgsiLdRequest request, Database database, ContextStore contexts, TenantRegistry tenants, SourceNotifications notifications, RegistrationIndex index, RegistrationConflicts conflicts, AddressGuard guard, TimeProvider time)
    {
        var (body, context) = await request.ReadAsync();
        RequireType(body, required: true);
        var id = IdOf(body) ?? $"urn:ngsi-ld:{RegistrationDocument.TypeName}:{Guid.CreateVersion7()}";
        var now = Instants.Now(time);
        var document = RegistrationDocument.Expand(JsonObject.Create(body)!, context);
        RegistrationDocument.Check(document, guard, now);
        var row = new RegistrationRow(id, document, await contexts.AddressOfAsync(request, context), now.UtcDateTime, now.UtcDateTime);
        await using (var work = await database.BeginAsync(request.Owner, request.Aborted))
        {
            await tenants.RegisterAsync(work, request.Aborted);
            await conflicts.RequireNoneAsync(work, SourceRegistration.Read(id, document), request.Aborted);
            await RegistrationStore.InsertAsync(work, row, request.Aborted);
            await notifications.OnChangedAsync(work, null, row, now, request.Aborted);
            await work.CommitAsync(request.Aborted);
        }

        tenants.Remember(request.Owner);
        index.Forget(request.Owner);
        return TypedResults.Created($"/ngsi-ld/v1{Path}/{PathSegment.Of(id)}");
    }

    private static async Task<Answer> QueryAsync(NgsiLdRequest request, Database database, TimeProvider time)
    {
        var limit = request.Number("limit", 0, MaxLimit) ?? 20;
        var offset = request.Number("offset", 0) ?? 0;
        var counted = request.Flag("count");
        if (limit == 0 && !counted)
        {
            throw NgsiLdException.BadRequestData("limit: 0 is for counting only, with count=true.");
        }

        var names = await request.ContextAsync();
        var filter = SourceFilter.From(request, names);
        var shape = await Answer.ShapeAsync(request, names);
        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        var now = time.GetUtcNow();
        var found = (await RegistrationStore.ListAsync(work, request.Aborted)).Where(row => filter.Matches(SourceRegistration.Read(row.Id, row.Document), now)).ToArray();
        PageLinks.Write(request, limit, offset, found.Length > offset + limit, counted ? found.Length : null, shape.MediaType);
        var array = new JsonArray([.. found.Skip(offset).Take(limit).Select(row => WithContext(RegistrationAnswer.Write(filter.Narrow(row), names, request.Option("sysAttrs")), shape))]);
        return new Answer(shape.MediaType, writer => array.WriteTo(writer), shape.ContextAddress);
    }

    private static async Task<Answer> GetAsync(NgsiLdRequest request, string id, Database database)
    {
        Uris.Require(id, "id");
        var names = await request.ContextAsync();
        var shape = await Answer.ShapeAsync(request, names);
        await using var work = await database.BeginAsync(request.Owner, request.Aborted);
        var row = await RegistrationStore.FindAsync(work, id, toChange: false, request.Aborted) ?? throw NotFound(id);
        return Answer.Object(shape, RegistrationAnswer.Write(row, names, request.Option("sysAttrs")));
    }

    private static async Task<NoContent> UpdateAsync(
        NgsiLdRequest request, string id, Database database, SourceNotifications notifications, RegistrationIndex index, RegistrationConflicts conflicts, AddressGuard guard, TimeProvider time)
    {
        Uris.Require(id, "id");
        var (body, context) = await request.ReadAsync();
        RequireType(body, required: false);
        if (IdOf(body) is { } given && given != id)
        {
            throw NgsiLdException.BadRequestData("id: it cannot be changed.");
        }

        var now = Instants.Now(time);
        var fragment = RegistrationDocument.Expand(JsonObject.Create(body)!, context);
        await using (var work = await database.BeginAsync(request.Owner, request.Aborted))
        {
            var before = await RegistrationStore.FindAsync(work, id, toChange: true, request.Aborted) ?? throw NotFound(id);
            if (fragment.Count == 0)
            {
                throw NgsiLdException.BadRequestData("The body changes nothing.");
            }

            var document = SubscriptionDocument.Merge(before.Document, fragment);
            RegistrationDocument.Check(document, guard, fragment.ContainsKey("expiresAt") ? now : null);
            await conflicts.RequireNoneAsync(work, SourceRegistration.Read(id, document), request.Aborted);
            var after = before with { Document = document, ModifiedAt = now.UtcDateTime };
            await RegistrationStore.UpdateAsync(work, after, request.Aborted);
            await notifications.OnChangedAsync(work, before, after, now, request.Aborted);
            await work.CommitAsync(request.Aborted);
        }

        index.Forget(request.Owner);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> DeleteAsync(NgsiLdRequest request, string id, Database database, SourceNotifications notifications, RegistrationIndex index, TimeProvider time)
    {
        Uris.Require(id, "id");
        await using (var work = await database.BeginAsync(request.Owner, request.Aborted))
        {
            var before = await RegistrationStore.FindAsync(work, id, toChange: true, request.Aborted) ?? throw NotFound(id);
            await RegistrationStore.DeleteAsync(work, id, request.Aborted);
            await notifications.OnChangedAsync(work, before, null, Instants.Now(time), request.Aborted);
            await work.CommitAsync(request.Aborted);
        }

        index.Forget(request.Owner);
        return TypedResults.NoContent();
    }

    private static void RequireType(JsonElement body, bool required)
    {
        if (body.TryGetProperty("type", out var type) ? type.ValueKind != JsonValueKind.String || !type.ValueEquals(RegistrationDocument.TypeName) : required)
        {
            throw NgsiLdException.BadRequestData($"type: {RegistrationDocument.TypeName} is required.");
        }
    }

    private static string? IdOf(JsonElement body) => !body.TryGetProperty("id", out var id) ? null : Uris.Require(id.ValueKind == JsonValueKind.String ? id.GetString() : id.GetRawText(), "id");

    private static NgsiLdException NotFound(string id) => NgsiLdException.ResourceNotFound($"There is no registration {id}.");

    private static JsonObject WithContext(JsonObject registration, Shape shape)
    {
        if (shape.ContextMember is { } member)
        {
            registration["@context"] = member.DeepClone();
        }

        return registration;
    }
}
