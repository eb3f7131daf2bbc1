using LivingCity.Ingestion.Changes;
using LivingCity.Ingestion.Mqtt;
using LivingCity.Ingestion.Subscriptions.Delivery;
using LivingCity.Ingestion.Subscriptions.Matching;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LivingCity.Ingestion.Subscriptions;

/// <summary>Subscriptions and the delivery of their notifications.</summary>
internal static class SubscriptionsExtensions
{
    public static IServiceCollection AddSubscriptions(this IServiceCollection services)
    {
        services.AddOptions<NotificationSettings>().BindConfiguration("Notifications").ValidateDataAnnotations().ValidateOnStart();
        services.AddMqtt();
        services.TryAddSingleton<SubscriptionReader>();
        services.TryAddSingleton<SubscriptionWriter>();
        services.TryAddSingleton<SubscriptionIndex>();
        services.AddSingleton<IChangeListener, ChangeMatcher>();
        services.TryAddSingleton<LaneStore>();
        services.TryAddSingleton<NotificationSender>();
        services.AddHostedService<NotificationDispatcher>();
        services.AddHostedService<PeriodicNotifications>();
        return services;
    }

    public static void MapSubscriptions(this IEndpointRouteBuilder routes)
    {
        new SubscriptionEndpoints(SubscriptionKind.Entities, "/subscriptions").Map(routes);
        new SubscriptionEndpoints(SubscriptionKind.Sources, "/csourceSubscriptions").Map(routes);
    }
}
