using System.Text.Json.Nodes;
using LivingCity.Ingestion.Changes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Representations;

namespace LivingCity.Ingestion.Subscriptions.Matching;

/// <summary>A subscription taken apart, ready to be asked. Immutable.</summary>
internal sealed record ActiveSubscription
{
    public required string Id { get; init; }

    public required SubscriptionKind Kind { get; init; }

    /// <summary>Its endpoint's lane.</summary>
    public required long Lane { get; init; }

    /// <summary>Where to send, written as it is stored beside each notification.</summary>
    public required string Target { get; init; }

    public required bool IsGeoJson { get; init; }

    /// <summary>How entities are written; its names are those of the notification's @context.</summary>
    public required Representation Representation { get; init; }

    /// <summary>The @context member of the notification, where the body says it.</summary>
    public JsonNode? ContextMember { get; init; }

    public IReadOnlyList<EntityFilter> Selectors { get; init; } = [];

    /// <summary>IRIs of the attributes that are watched; null for all.</summary>
    public IReadOnlySet<string>? Watched { get; init; }

    public required IReadOnlySet<Trigger> Triggers { get; init; }

    public QueryExpression? Query { get; init; }

    public GeoQuery? Geo { get; init; }

    public ScopeQuery? Scope { get; init; }

    /// <summary>Which related entities come with a notification. Not with <see cref="ShowChanges"/>: the change is of the entity itself.</summary>
    public JoinRequest Join { get; init; } = JoinRequest.None;

    public bool ShowChanges { get; init; }

    public bool IsActive { get; init; } = true;

    public DateTimeOffset? ExpiresAt { get; init; }

    public TimeSpan? Throttling { get; init; }

    public TimeSpan? Interval { get; init; }

    /// <summary>The document with expanded names, for what only registrations ask of it.</summary>
    public required JsonObject Document { get; init; }

    public bool IsDue(DateTimeOffset now) => IsActive && !(ExpiresAt <= now);

    /// <summary>Whether the entity is one of those that are meant, whatever happened to it.</summary>
    public bool Selects(Entity entity) => (Selectors.Count == 0 || Selectors.Any(selector => selector.Matches(entity.Id, entity.Types)))
        && Query?.Matches(entity) != false && Geo?.Matches(entity) != false && (Scope is null || Scope.Matches(entity.Scopes));

    /// <summary>Whether a change is one to tell of (clause 5.8.6).</summary>
    public bool Matches(EntityChange change) => IsTriggered(change) && Selects(change.Entity);

    private bool IsTriggered(EntityChange change)
    {
        if (change.Trigger == Trigger.EntityDeleted)
        {
            return Triggers.Contains(Trigger.EntityDeleted);
        }

        var watched = change.Attributes.Where(attribute => Watched?.Contains(attribute.Attribute) != false);
        return (change.Trigger == Trigger.EntityCreated && Triggers.Contains(Trigger.EntityCreated) && (Watched is null || watched.Any()))
            || watched.Any(attribute => Triggers.Contains(attribute.Trigger) || (change.Trigger == Trigger.EntityUpdated && Triggers.Contains(Trigger.EntityUpdated)));
    }
}
