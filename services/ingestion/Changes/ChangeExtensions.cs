using LivingCity.Ingestion.Datasets;

namespace LivingCity.Ingestion.Changes;

internal static class ChangeExtensions
{
    /// <summary>Adds those who hear of every change, in the order in which they are told.</summary>
    public static IServiceCollection AddChanges(this IServiceCollection services) =>
        services.AddSingleton<IChangeListener, DatasetDescriptions>().AddSingleton<IChangeListener, ObservationMessages>();
}
