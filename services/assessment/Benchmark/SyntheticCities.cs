using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Assessment.Benchmark;

/// <summary>
/// Seven hundred invented cities for demonstrations (<c>City:Demo</c>), each marked as synthetic; the tables say how many of their cities are. Seeded: every installation has the same ones.
/// Scores come from a latent maturity that rises a little with size and year, and differs by dimension.
/// </summary>
internal sealed partial class SyntheticCities(Database database, QuestionnaireCatalogue catalogue, Releases releases, TimeProvider time, ILogger<SyntheticCities> logger) : BackgroundService
{
    public const int Count = 700;
    private const int Seed = 29_07;

    private static readonly string[] Questionnaires = ["digital-maturity/2", "mim-readiness/1", "climate-needs/1"];

    private static readonly string[] Countries =
        ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"];

    private static readonly double[] BandLogs = [Math.Log(200), Math.Log(500), Math.Log(1_000), Math.Log(5_000), Math.Log(20_000), Math.Log(50_000), Math.Log(900_000)];

    /// <summary>The cities with a submission in some of the years.</summary>
    public static IEnumerable<(SyntheticCity City, SyntheticSubmission Submission)> Make(Questionnaire questionnaire, int year)
    {
        var random = new Random(Seed);
        for (var number = 0; number < Count; number++)
        {
            var country = Countries[random.Next(Countries.Length)];
            var band = random.Next(BandLogs.Length - 1);
            var population = (int)Math.Exp(BandLogs[band] + (random.NextDouble() * (BandLogs[band + 1] - BandLogs[band])));
            var city = new SyntheticCity($"synthetic-{number:000}", $"Synthetic {number:000}", country, $"{country}{1 + random.Next(2)}{1 + random.Next(2)}", population, random.NextDouble() < 0.3);
            var maturity = 34 + (3.2 * band) + (14 * Normal(random)) + (city.Member ? 5 : 0);
            var leanings = questionnaire.Dimensions.Select(_ => 9 * Normal(random)).ToArray();
            for (var back = 2; back >= 0; back--)
            {
                var takesPart = back == 0 || random.NextDouble() < 0.6;
                var shock = 4 * Normal(random);
                if (takesPart)
                {
                    double[] scores = [.. leanings.Select(leaning => Math.Round(Math.Clamp(maturity + leaning + shock - (3 * back), 0, 100), 2))];
                    var weights = questionnaire.Dimensions.Select(dimension => dimension.Weight).ToArray();
                    var overall = scores.Zip(weights, (score, weight) => score * weight).Sum() / weights.Sum();
                    yield return (city, new SyntheticSubmission(year - back, overall, questionnaire.LevelOf(overall), scores));
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        try
        {
            foreach (var id in Questionnaires)
            {
                if (await LoadAsync(catalogue.Find(id)!.Structure, stoppingToken))
                {
                    await releases.MakeAsync(id, stoppingToken);
                }
            }
        }
        catch (NpgsqlException exception)
        {
            NotLoaded(logger, exception.Message);
        }
    }

    private async Task<bool> LoadAsync(Questionnaire questionnaire, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await using var open = work.Command("SELECT set_config('app.statistics', 'on', true), pg_advisory_xact_lock(7002907)");
        await open.ExecuteNonQueryAsync(cancellationToken);
        await using var look = work.Command("SELECT EXISTS (SELECT FROM benchmark_entry WHERE questionnaire = $1 AND synthetic)", questionnaire.Id);
        if ((bool)(await look.ExecuteScalarAsync(cancellationToken))!)
        {
            return false;
        }

        var made = Make(questionnaire, time.GetUtcNow().Year).ToArray();
        var cities = made.Select(one => one.City).Distinct().ToArray();
        await using var profiles = work.Command("""
            INSERT INTO city_profile (tenant, name, country, region, population, member_since, synthetic)
            SELECT t, n, c, r, p, CASE WHEN m THEN date '2024-01-01' END, true FROM unnest($1, $2, $3, $4, $5, $6) AS x(t, n, c, r, p, m) ON CONFLICT DO NOTHING
            """, cities.Select(city => city.Id).ToArray(), cities.Select(city => city.Name).ToArray(), cities.Select(city => city.Country).ToArray(), cities.Select(city => city.Region).ToArray(),
            cities.Select(city => city.Population).ToArray(), cities.Select(city => city.Member).ToArray());
        await profiles.ExecuteNonQueryAsync(cancellationToken);
        foreach (var (city, submission) in made)
        {
            await using var insert = work.Command("""
                INSERT INTO benchmark_entry (tenant, assessment_id, questionnaire, submitted_at, year, overall, level, dimensions, synthetic) VALUES ($1, gen_random_uuid(), $2, make_timestamptz($3, 6, 1, 12, 0, 0, 'UTC'), $3, $4, $5, $6, true)
                """, city.Id, questionnaire.Id, submission.Year, submission.Overall, submission.Level, submission.Dimensions);
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());

    [LoggerMessage(3101, LogLevel.Warning, "The synthetic cities are not loaded: {Reason}")]
    private static partial void NotLoaded(ILogger logger, string reason);
}

/// <summary>An invented city.</summary>
internal sealed record SyntheticCity(string Id, string Name, string Country, string Region, int Population, bool Member);

/// <summary>An invented submission.</summary>
internal sealed record SyntheticSubmission(int Year, double Overall, int Level, double[] Dimensions);
