namespace LivingCity.Events.Notifications;

/// <summary>Something that somebody is to be told, with how he or she wants to be told.</summary>
internal sealed class Notice
{
    public Guid Id { get; init; }

    public string Tenant { get; init; } = "";

    public Guid Participant { get; init; }

    public string EventId { get; init; } = "";

    public string Kind { get; init; } = "";

    public string? SessionId { get; init; }

    public string Name { get; init; } = "";

    public string? Email { get; init; }

    public string Language { get; init; } = "";

    /// <summary>What the person is to the network: guests have no login, so their messages hold their link.</summary>
    public string PersonKind { get; init; } = "";

    /// <summary>The person's place in the session, where there is one.</summary>
    public Guid? Registration { get; init; }

    public string Delivery { get; init; } = "";

    public string[] Without { get; init; } = [];

    public bool IsWanted => Email is not null && (Kind == NoticeTexts.Invitation || (Delivery != "off" && !Without.Contains(Kind)));
}
