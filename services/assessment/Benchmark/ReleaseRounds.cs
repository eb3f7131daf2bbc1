using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Assessment.Benchmark;

/// <summary>Publishes new tables once a day where there is something to publish. Replicas take turns by the release's lock.</summary>
internal sealed partial class ReleaseRounds(Releases releases, QuestionnaireCatalogue catalogue, Database database, TimeProvider time, ILogger<ReleaseRounds> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Round, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var questionnaire in catalogue.All)
                {
                    await releases.MakeAsync(questionnaire.Structure.Id, stoppingToken);
                }
            }
            catch (NpgsqlException exception)
            {
                Postponed(logger, exception.Message);
            }
        }
    }

    [LoggerMessage(3100, LogLevel.Warning, "The benchmark's release is postponed: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
