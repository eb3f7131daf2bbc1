using System.Globalization;
using System.Text;
using LivingCity.Assessment.Answers;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Benchmark;

/// <summary>How cities compare, and where one stands.</summary>
internal static class BenchmarkEndpoints
{
    public static IServiceCollection AddBenchmark(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Releases>().AddSingleton<ReleaseCache>().AddHostedService<ReleaseRounds>();
        return configuration.GetValue("City:Demo", false) ? services.AddHostedService<SyntheticCities>() : services;
    }

    public static void MapBenchmark(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/benchmark").WithTags("Benchmark");
        group.MapGet("/{name}/{version:int}", GetAsync).RequireAuthorization(Access.Public).WithSummary("The published tables: groups of at least five cities, with their number.");
        group.MapGet("/{name}/{version:int}/open-data.csv", CsvAsync).RequireAuthorization(Access.Public).WithSummary("The published tables as open data (CSV, RFC 4180).");
        group.MapPost("/{name}/{version:int}/releases", ReleaseAsync).RequireAuthorization(Access.PlatformAdmin).WithSummary("Publishes new tables now. Submissions that would tell on few cities wait.");
        group.MapGet("/standing/{id:guid}", StandingEndpoint.GetAsync).Transactional().RequireAuthorization(Respondents.Policy)
            .WithSummary("Where a submitted assessment stands in each of its groups: the share of peers that score less with its 95 % interval, and how other weights would move it.");
        routes.MapCityProfile();
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> GetAsync(string name, int version, Database database, ReleaseCache cache, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return await cache.NewestAsync(work, $"{name}/{version}", cancellationToken) is { } release ? TypedResults.Content(release.Body, "application/json") : None(name, version);
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> CsvAsync(string name, int version, Database database, ReleaseCache cache, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        if (await cache.NewestAsync(work, $"{name}/{version}", cancellationToken) is not { } release)
        {
            return None(name, version);
        }

        var tables = release.Tables;
        var csv = new StringBuilder("questionnaire,as_of,synthetic,grouping,cell,measure,n,suppressed,p10,p25,median,p75,p90\r\n");
        foreach (var cell in tables.Groups)
        {
            var start = string.Create(CultureInfo.InvariantCulture, $"{tables.Questionnaire},{tables.AsOf:O},{(tables.Synthetic > 0 ? "true" : "false")},{cell.Grouping},{cell.Cell}");
            foreach (var (measure, figures) in (cell.Dimensions ?? new Dictionary<string, Figures>()).Select(entry => (entry.Key, (Figures?)entry.Value)).Prepend(("overall", cell.Overall)))
            {
                csv.Append(CultureInfo.InvariantCulture, $"{start},{measure},{cell.N},{cell.Suppressed},{figures?.P10},{figures?.P25},{figures?.Median},{figures?.P75},{figures?.P90}\r\n");
            }
        }

        return TypedResults.Content(csv.ToString(), "text/csv");
    }

    private static async Task<Results<Ok<BenchmarkTables>, NoContent, ProblemHttpResult>> ReleaseAsync(string name, int version, QuestionnaireCatalogue catalogue, Releases releases, CancellationToken cancellationToken)
    {
        if (catalogue.Find($"{name}/{version}") is null)
        {
            return None(name, version);
        }

        return await releases.MakeAsync($"{name}/{version}", cancellationToken) is { } tables ? TypedResults.Ok(tables) : TypedResults.NoContent();
    }

    private static ProblemHttpResult None(string name, int version) => Problem.NotFound.Because($"Nothing is published of {name}/{version}.");
}
