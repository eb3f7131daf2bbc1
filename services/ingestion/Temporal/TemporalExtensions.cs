namespace LivingCity.Ingestion.Temporal;

internal static class TemporalExtensions
{
    public static IServiceCollection AddTemporal(this IServiceCollection services) => services
        .AddSingleton<HistoryMonths>().AddSingleton<SeriesNumbers>().AddSingleton<TemporalOperations>().AddSingleton<TemporalQueries>().AddSingleton<RetentionSettings>()
        .AddSingleton<HistoryKeeper>().AddHostedService(provider => provider.GetRequiredService<HistoryKeeper>());
}
