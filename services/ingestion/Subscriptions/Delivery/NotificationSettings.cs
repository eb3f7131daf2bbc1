namespace LivingCity.Ingestion.Subscriptions.Delivery;

/// <summary>Section <c>Notifications</c>.</summary>
internal sealed class NotificationSettings
{
    /// <summary>How long a notification waits for an endpoint that is away. Default one day.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many lanes one replica serves at once. Default 256.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, 10_000)]
    public int Lanes { get; init; } = 256;
}
