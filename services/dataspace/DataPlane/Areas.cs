using System.Text.Json.Nodes;
using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Iri = LivingCity.Dataspace.Policies.Iri;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>The areas with known borders, read anew every few seconds at most: borders do not move, but new ones are added.</summary>
internal sealed class Areas(Database database, TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);
    private (IReadOnlyDictionary<string, Polygon> Known, DateTimeOffset Until) current = (new Dictionary<string, Polygon>(), DateTimeOffset.MinValue);

    public async Task<IReadOnlyDictionary<string, Polygon>> AllAsync(CancellationToken cancellationToken)
    {
        if (current.Until > time.GetUtcNow())
        {
            return current.Known;
        }

        await using var work = await database.BeginAsync(null, cancellationToken);
        var rows = await work.Connection.QueryAsync<(string Code, string Geometry)>(new CommandDefinition("SELECT code, geometry FROM area", transaction: work.Transaction, cancellationToken: cancellationToken));
        current = (rows.ToDictionary(row => row.Code, row => Polygon.Read(JsonNode.Parse(row.Geometry))), time.GetUtcNow() + Memory);
        return current.Known;
    }

    public void Forget() => current = (current.Known, DateTimeOffset.MinValue);
}

/// <summary>An area and its borders.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="Geometry">A GeoJSON Polygon or MultiPolygon in WGS 84.</param>
internal sealed record AreaDescription(string Name, JsonObject Geometry);

/// <summary>Areas that policies may name. An area whose borders are not known denies.</summary>
internal static class AreaEndpoints
{
    public static void MapAreas(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/areas").WithTags("Policies");
        group.MapGet("/", ListAsync).RequireAuthorization(Access.Public).WithSummary("The areas that policies may name, as GeoJSON.");
        group.MapPut("/{**code}", PutAsync).RequireAuthorization(Access.DataOfficer).WithSummary("Makes the borders of an area known. Its code is the IRI that policies use, for instance of NUTS.");
    }

    private static async Task<JsonHttpResult<JsonObject>> ListAsync(Database database, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var rows = await work.Connection.QueryAsync<(string Code, string Name, string Geometry)>(new CommandDefinition("SELECT code, name, geometry FROM area ORDER BY code LIMIT 10000", transaction: work.Transaction, cancellationToken: cancellationToken));
        return TypedResults.Json(new JsonObject
        {
            ["type"] = "FeatureCollection",
            ["features"] = new JsonArray([.. rows.Select(row => (JsonNode)new JsonObject
            {
                ["type"] = "Feature", ["id"] = row.Code, ["properties"] = new JsonObject { ["name"] = row.Name }, ["geometry"] = JsonNode.Parse(row.Geometry),
            })]),
        }, contentType: "application/geo+json");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PutAsync(string code, AreaDescription area, Database database, Areas areas, CancellationToken cancellationToken)
    {
        var validation = new Validation()
            .Rule(code.Contains(':', StringComparison.Ordinal), "code", "must be an IRI")
            .Rule(area.Name.Length is > 0 and <= 200, "name", "must have 1 to 200 characters");
        try
        {
            Polygon.Read(area.Geometry);
        }
        catch (FormatException exception)
        {
            validation.Rule(false, "geometry", exception.Message);
        }

        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        await using var work = await database.BeginAsync(null, cancellationToken);

        // Borders are never redrawn: agreements rely on them. A new border is a new code.
        var added = await work.Connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO area (code, name, geometry) VALUES (@code, @Name, @geometry::jsonb) ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE area.geometry = excluded.geometry",
            new { code = Iri.Value(code), area.Name, geometry = area.Geometry.ToJsonString() }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
        areas.Forget();
        return added == 1 ? TypedResults.NoContent() : Management.NegotiationManagement.WrongState.Because($"Area {code} has other borders already; agreements rely on them.");
    }
}
