using LivingCity.Ingestion.Changes;

namespace LivingCity.Ingestion.Subscriptions.Matching;

/// <summary>
/// One tenant's subscriptions in memory, found by what a change must have for them to match: an entity's id or one of its types, and a watched attribute. A change costs a few
/// look-ups, however many subscriptions there are that do not match it. Thread-safe.
/// </summary>
internal sealed class TenantSubscriptions
{
    private const string Any = "*";

    private readonly Lock gate = new();
    private readonly Dictionary<string, ActiveSubscription> byId = [];
    private readonly Dictionary<(string Anchor, string Attribute), List<ActiveSubscription>> byKey = [];

    /// <summary>The revision that this agrees with.</summary>
    public long Revision { get; private set; }

    /// <summary>Takes over what has changed since the last revision.</summary>
    /// <param name="revision">The new revision.</param>
    /// <param name="changed">Subscriptions by id; null where one is gone.</param>
    public void Apply(long revision, IReadOnlyDictionary<string, ActiveSubscription?> changed)
    {
        lock (gate)
        {
            foreach (var (id, subscription) in changed)
            {
                if (byId.Remove(id, out var old))
                {
                    foreach (var key in KeysOf(old))
                    {
                        var list = byKey[key];
                        list.Remove(old);
                        if (list.Count == 0)
                        {
                            byKey.Remove(key);
                        }
                    }
                }

                if (subscription is not null)
                {
                    Add(subscription);
                }
            }

            Revision = revision;
        }
    }

    /// <summary>The subscriptions to entities that a change may match: all that do, and few that do not.</summary>
    public IReadOnlyCollection<ActiveSubscription> Candidates(EntityChange change)
    {
        lock (gate)
        {
            if (byKey.Count == 0)
            {
                return [];
            }

            HashSet<ActiveSubscription>? found = null;
            foreach (var anchor in AnchorsOf(change))
            {
                Collect(anchor, Any, ref found);
                foreach (var attribute in AttributesOf(change))
                {
                    Collect(anchor, attribute, ref found);
                }
            }

            return found is null ? [] : found;
        }
    }

    /// <summary>Those of a kind, for which there is no index.</summary>
    public IReadOnlyList<ActiveSubscription> All(SubscriptionKind kind)
    {
        lock (gate)
        {
            return [.. byId.Values.Where(subscription => subscription.Kind == kind)];
        }
    }

    private void Add(ActiveSubscription subscription)
    {
        byId[subscription.Id] = subscription;
        foreach (var key in KeysOf(subscription))
        {
            if (!byKey.TryGetValue(key, out var list))
            {
                byKey[key] = list = [];
            }

            list.Add(subscription);
        }
    }

    private void Collect(string anchor, string attribute, ref HashSet<ActiveSubscription>? found)
    {
        if (byKey.TryGetValue((anchor, attribute), out var list))
        {
            (found ??= new(ReferenceEqualityComparer.Instance)).UnionWith(list);
        }
    }

    /// <summary>Periodic ones wait for no change, paused ones for nothing.</summary>
    private static IEnumerable<(string Anchor, string Attribute)> KeysOf(ActiveSubscription subscription)
    {
        if (subscription.Kind != SubscriptionKind.Entities || subscription.Interval is not null || !subscription.IsActive)
        {
            return [];
        }

        var anchors = subscription.Selectors.Count == 0 ? [Any]
            : subscription.Selectors.SelectMany(selector => selector.Ids ?? (selector.TypeNames.Count > 0 ? selector.TypeNames : [Any])).Distinct();

        // A deleted entity's attributes were not touched one by one.
        var attributes = subscription.Watched is { } watched && !subscription.Triggers.Contains(Trigger.EntityDeleted) ? watched : (IEnumerable<string>)[Any];
        return [.. anchors.SelectMany(anchor => attributes.Select(attribute => (anchor, attribute)))];
    }

    private static IEnumerable<string> AnchorsOf(EntityChange change) => change.Entity.Types.Append(change.Entity.Id).Append(Any);

    private static IEnumerable<string> AttributesOf(EntityChange change) => change.Attributes.Select(attribute => attribute.Attribute).Distinct();
}
