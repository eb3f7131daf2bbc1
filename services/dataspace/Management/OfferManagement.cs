using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Http;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Dataspace.Management;

/// <summary>An offer to make.</summary>
/// <param name="DatasetId">The dataset.</param>
/// <param name="Policy">Its terms, in ODRL.</param>
/// <param name="Approval"><c>automatic</c> or <c>manual</c>.</param>
internal sealed record OfferDescription(string DatasetId, JsonObject Policy, string Approval = Approval.Manual);

/// <summary>A dataset that is kept elsewhere.</summary>
/// <param name="Id">URI, stable for the life of the dataset.</param>
/// <param name="Title">Title by language tag.</param>
/// <param name="Description">Description by language tag.</param>
/// <param name="Url">Where it is.</param>
/// <param name="MediaType">What is there.</param>
/// <param name="License">URI of the licence.</param>
/// <param name="Keywords">Keywords in English.</param>
/// <param name="Theme">EU data theme, for instance ENVI.</param>
internal sealed record ExternalDataset(
    string Id, IReadOnlyDictionary<string, string> Title, IReadOnlyDictionary<string, string> Description, string Url, string MediaType, string License, IReadOnlyList<string>? Keywords = null, string Theme = "TECH");

/// <summary>Offers and external datasets for the city's data officer.</summary>
internal static class OfferManagement
{
    public static void MapOfferManagement(this IEndpointRouteBuilder routes)
    {
        var offers = routes.MapGroup("/offers").RequireAuthorization(Access.DataOfficer).WithTags("Offers");
        offers.MapGet("/", ListAsync).WithSummary("The offers of one of the city's datasets.");
        offers.MapGet("/{id}", GetAsync).WithSummary("One offer, with its version.");
        offers.MapPost("/", CreateAsync).Transactional().WithSummary("Makes an offer for a dataset. A policy with a term that is not understood is refused.");
        offers.MapPut("/{id}", ReplaceAsync).Transactional().WithSummary("Replaces an offer. Agreements that were made under it stay as they are.");
        offers.MapDelete("/{id}", DeleteAsync).Transactional().WithSummary("Withdraws an offer. Agreements that were made under it stay.");
        routes.MapPost("/datasets", AddDatasetAsync).Transactional().RequireAuthorization(Access.DataOfficer).WithTags("Catalogue").WithSummary("Lists a dataset that is kept elsewhere.");
    }

    private static async Task<Results<Ok<IEnumerable<OfferView>>, ProblemHttpResult>> ListAsync(string dataset, Caller caller, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        return TypedResults.Ok((await work.OffersOfAsync([dataset], cancellationToken)).Where(offer => offer.Tenant == work.Tenant).Select(OfferView.From));
    }

    private static async Task<Results<Ok<OfferView>, ProblemHttpResult>> GetAsync(string id, HttpContext http, Caller caller, Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(caller.RequiredCity, cancellationToken);
        if (await work.FindOfferAsync(id, cancellationToken) is not { } row || row.Tenant != work.Tenant)
        {
            return Problem.NotFound.Because($"There is no offer {id}.");
        }

        http.Response.SetVersion(row.Version);
        return TypedResults.Ok(OfferView.From(row));
    }

    private static async Task<Results<Created<OfferView>, ProblemHttpResult>> CreateAsync(OfferDescription offer, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        var policy = Check(offer);
        var owner = await work.Connection.ExecuteScalarAsync<string?>(new CommandDefinition("SELECT tenant FROM dataset WHERE id = @DatasetId", new { offer.DatasetId }, work.Transaction, cancellationToken: cancellationToken));
        if (owner != caller.RequiredCity)
        {
            return Problem.NotFound.Because($"The city has no dataset {offer.DatasetId}.");
        }

        var row = new OfferRow { Tenant = owner, Id = Dsp.NewId(), DatasetId = offer.DatasetId, Policy = policy.ToJsonString(), Approval = offer.Approval, Version = 1, CreatedAt = time.GetUtcNow().UtcDateTime };
        await work.Connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO offer (tenant, id, dataset_id, policy, approval, created_at) VALUES (@Tenant, @Id, @DatasetId, @Policy::jsonb, @Approval, @CreatedAt)", row, work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Created($"/api/dataspace/v1/offers/{row.Id}", OfferView.From(row));
    }

    private static async Task<Results<Ok<OfferView>, ProblemHttpResult>> ReplaceAsync(string id, OfferDescription offer, HttpContext http, Caller caller, Work work, CancellationToken cancellationToken)
    {
        var policy = Check(offer);
        if (await work.FindOfferAsync(id, cancellationToken) is not { } row || row.Tenant != caller.RequiredCity || row.DatasetId != offer.DatasetId)
        {
            return Problem.NotFound.Because($"There is no offer {id} for dataset {offer.DatasetId}.");
        }

        http.Request.RequireVersion(row.Version);
        row = row with { Policy = policy.ToJsonString(), Approval = offer.Approval, Version = row.Version + 1 };
        var changed = await work.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE offer SET policy = @Policy::jsonb, approval = @Approval, version = @Version WHERE tenant = @Tenant AND id = @Id AND version = @Version - 1", row, work.Transaction, cancellationToken: cancellationToken));
        if (changed == 0)
        {
            return Problem.Stale.Because("Someone else was faster.");
        }

        http.Response.SetVersion(row.Version);
        return TypedResults.Ok(OfferView.From(row));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string id, Work work, CancellationToken cancellationToken) =>
        await work.Connection.ExecuteAsync(new CommandDefinition("DELETE FROM offer WHERE tenant = @Tenant AND id = @id", new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken)) == 1
            ? TypedResults.NoContent()
            : Problem.NotFound.Because($"There is no offer {id}.");

    private static async Task<Results<Created, ProblemHttpResult>> AddDatasetAsync(ExternalDataset dataset, Caller caller, Work work, AddressGuard guard, TimeProvider time, CancellationToken cancellationToken)
    {
        var objection = guard.Check(dataset.Url);
        new Validation()
            .Rule(dataset.Id.Contains(':', StringComparison.Ordinal) && dataset.Id.Length <= 300, "id", "must be a URI of at most 300 characters")
            .Rule(dataset.Title.Count > 0, "title", "must be given in one language at least")
            .Rule(dataset.Description.Count > 0, "description", "must be given in one language at least")
            .Rule(objection is null, "url", objection ?? "")
            .Rule(dataset.Theme.Length == 4 && dataset.Theme.All(char.IsAsciiLetterUpper), "theme", "must be an EU data theme, like ENVI")
            .Rule(Uri.TryCreate(dataset.License, UriKind.Absolute, out _), "license", "must be a URI")
            .ThrowIfInvalid();
        var added = await work.Connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO dataset (tenant, id, title, description, keywords, theme, access_path, media_type, license, synthetic, issued_at, described_at, external_url, search)
            VALUES (@Tenant, @Id, @title::jsonb, @description::jsonb, @keywords, @Theme, '/', @MediaType, @License, false, @now, @now, @Url, @search) ON CONFLICT DO NOTHING
            """, new
        {
            Tenant = caller.RequiredCity,
            dataset.Id,
            title = System.Text.Json.JsonSerializer.Serialize(dataset.Title),
            description = System.Text.Json.JsonSerializer.Serialize(dataset.Description),
            keywords = (dataset.Keywords ?? []).ToArray(),
            dataset.Theme,
            dataset.MediaType,
            dataset.License,
            now = time.GetUtcNow().UtcDateTime,
            dataset.Url,
            search = SearchText.Fold(string.Join(' ', [.. dataset.Title.Values, .. dataset.Description.Values, .. dataset.Keywords ?? [], caller.RequiredCity])),
        }, work.Transaction, cancellationToken: cancellationToken));
        return added == 1 ? TypedResults.Created($"/api/dataspace/v1/datasets/{Uri.EscapeDataString(dataset.Id)}") : NegotiationManagement.WrongState.Because($"There is a dataset {dataset.Id} already.");
    }

    private static JsonObject Check(OfferDescription offer)
    {
        new Validation().Rule(offer.Approval is Approval.Automatic or Approval.Manual, "approval", "must be automatic or manual").ThrowIfInvalid();
        return NegotiationManagement.Understood(offer.Policy);
    }
}
