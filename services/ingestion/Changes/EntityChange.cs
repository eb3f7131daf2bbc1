using LivingCity.Ingestion.Entities;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Changes;

/// <summary>What happened, in the words of a subscription's <c>notificationTrigger</c> (ETSI GS CIM 009, clause 5.2.12).</summary>
internal enum Trigger
{
    EntityCreated,
    EntityUpdated,
    EntityDeleted,
    AttributeCreated,
    AttributeUpdated,
    AttributeDeleted,
}

/// <summary>One change of one entity's current state.</summary>
/// <param name="Before">The entity before, or null when it was created.</param>
/// <param name="After">The entity after, or null when it was deleted.</param>
/// <param name="Attributes">The instances that were created, updated (also with an equal value) or deleted, in no particular order.</param>
/// <param name="At">When, as <c>modifiedAt</c> says it.</param>
internal sealed record EntityChange(Entity? Before, Entity? After, IReadOnlyList<AttributeChange> Attributes, DateTimeOffset At)
{
    /// <summary>What became of the entity itself.</summary>
    public Trigger Trigger => Before is null ? Trigger.EntityCreated : After is null ? Trigger.EntityDeleted : Trigger.EntityUpdated;

    /// <summary>The entity after the change, or as it was before its deletion.</summary>
    public Entity Entity => (After ?? Before)!;
}

/// <summary>The change of one instance of an attribute.</summary>
/// <param name="Attribute">IRI of its name.</param>
/// <param name="Before">Before, or null when it was created.</param>
/// <param name="After">After, or null when it was deleted.</param>
internal sealed record AttributeChange(string Attribute, AttributeInstance? Before, AttributeInstance? After)
{
    public Trigger Trigger => Before is null ? Trigger.AttributeCreated : After is null ? Trigger.AttributeDeleted : Trigger.AttributeUpdated;

    /// <summary>URI of the instance; null for the default one.</summary>
    public string? DatasetId => (After ?? Before)!.DatasetId;
}

/// <summary>
/// Hears of every write to the current state, whichever operation it came from, inside the transaction that writes. What a listener does commits with the change, or not at all.
/// Registered as a service; all are called, one after the other.
/// </summary>
internal interface IChangeListener
{
    /// <summary>Called once for each transaction's step with all its changes, in the order in which they took effect.</summary>
    /// <param name="work">The transaction. Its tenant is the changes' tenant; what they write is left for its commit.</param>
    /// <param name="batch">At least one change.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task OnChangedAsync(Work work, EntityBatch batch, CancellationToken cancellationToken);
}
