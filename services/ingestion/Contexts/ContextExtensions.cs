namespace LivingCity.Ingestion.Contexts;

internal static class ContextExtensions
{
    public static IServiceCollection AddContexts(this IServiceCollection services) => services.AddSingleton<ContextStore>();
}
