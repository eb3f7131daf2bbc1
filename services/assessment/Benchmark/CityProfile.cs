using System.Text.RegularExpressions;
using Dapper;
using LivingCity.Assessment.Answers;
using LivingCity.Contracts.Events;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Messaging;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Benchmark;

/// <summary>A city as far as its peers are formed by it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Country">ISO 3166-1 code (EL for Greece, as NUTS has it).</param>
/// <param name="Region">NUTS code of level 2 or 3.</param>
/// <param name="Population">Inhabitants.</param>
internal sealed record ProfileRequest(string Name, string? Country = null, string? Region = null, int? Population = null);

/// <summary>A city's profile.</summary>
internal sealed record ProfileView(string Name, string? Country, string? Region, int? Population, DateOnly? MemberSince);

/// <summary>The caller's city among the peers.</summary>
internal static partial class CityProfile
{
    public static void MapCityProfile(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/city").WithTags("Benchmark");
        group.MapGet("/", GetAsync).Transactional().RequireAuthorization(Respondents.Policy).WithSummary("The caller's city as far as its peers are formed by it.");
        group.MapPut("/", PutAsync).Transactional().RequireAuthorization(Access.DataOfficer).WithSummary("Sets the city's profile. Needs If-Match once there is one.");
    }

    private static async Task<Results<Ok<ProfileView>, ProblemHttpResult>> GetAsync(Caller caller, Work work, HttpResponse response, CancellationToken cancellationToken)
    {
        var (profile, version) = await FindAsync(work, caller.RequiredCity, cancellationToken);
        if (profile is null)
        {
            return Problem.NotFound.Because("The city has no profile yet.");
        }

        response.SetVersion(version);
        return TypedResults.Ok(profile);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PutAsync(ProfileRequest request, Caller caller, Work work, HttpContext http, CancellationToken cancellationToken)
    {
        var validation = new Validation()
            .Rule(request.Name.Trim().Length is > 0 and <= 200, "name", "must have 1 to 200 characters")
            .Rule(request.Country is null || CountryCode().IsMatch(request.Country), "country", "must be a code of two capital letters")
            .Rule(request.Region is null || RegionCode().IsMatch(request.Region), "region", "must be a NUTS code of level 2 or 3")
            .Rule(request.Region is null || request.Country is null || request.Region.StartsWith(request.Country, StringComparison.Ordinal), "region", "must lie in the country")
            .Rule(request.Population is null or (>= 0 and <= 50_000_000), "population", "must be from 0 to 50000000");
        if (!validation.IsValid)
        {
            return validation.ToResult();
        }

        var (known, version) = await FindAsync(work, caller.RequiredCity, cancellationToken);
        if (known is not null)
        {
            http.Request.RequireVersion(version);
        }

        await using var put = work.Command("""
            INSERT INTO city_profile AS p (tenant, name, country, region, population) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant) DO UPDATE SET name = excluded.name, country = excluded.country, region = excluded.region, population = excluded.population, version = p.version + 1 WHERE p.version = $6
            """, caller.RequiredCity, request.Name.Trim(), request.Country, request.Region, request.Population, version);
        if (await put.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return Problem.Stale.Because("Read it again.");
        }

        http.Response.SetVersion(version + 1);
        return TypedResults.NoContent();
    }

    private static async Task<(ProfileView? Profile, long Version)> FindAsync(Work work, string city, CancellationToken cancellationToken)
    {
        var row = await work.Connection.QuerySingleOrDefaultAsync<(string Name, string? Country, string? Region, int? Population, DateTime? Member, long Version)>(new CommandDefinition(
            "SELECT name, country, region, population, member_since::timestamp, version FROM city_profile WHERE tenant = @city", new { city }, work.Transaction, cancellationToken: cancellationToken));
        return row.Name is null ? (null, 0) : (new ProfileView(row.Name, row.Country, row.Region, row.Population, row.Member is { } day ? DateOnly.FromDateTime(day) : null), row.Version);
    }

    [GeneratedRegex("^[A-Z]{2}$")]
    private static partial Regex CountryCode();

    [GeneratedRegex("^[A-Z]{2}[0-9A-Z]{2,3}$")]
    private static partial Regex RegionCode();
}

/// <summary>Who has signed the declaration is a member of the benchmark's network from that day on.</summary>
internal sealed class Membership : IMessageHandler<DeclarationSigned>
{
    public async Task HandleAsync(DeclarationSigned message, Work work, CancellationToken cancellationToken)
    {
        await using var join = work.Command("""
            INSERT INTO city_profile AS p (tenant, name, member_since) VALUES ($1, $2, $3)
            ON CONFLICT (tenant) DO UPDATE SET member_since = least(p.member_since, excluded.member_since)
            """, message.City, message.Name, DateOnly.FromDateTime(message.SignedAt.UtcDateTime));
        await join.ExecuteNonQueryAsync(cancellationToken);
    }
}
