using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Subscriptions.Matching;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Registrations;

/// <summary>Keeps who holds what without contradiction (ETSI GS CIM 009, clauses 5.9.2.4 and 5.9.3.4): what one source holds exclusively, nobody else holds, and what sources hold alone is not here.</summary>
internal sealed class RegistrationConflicts(EntityFinder finder)
{
    /// <param name="work">A transaction of the tenant.</param>
    /// <param name="source">The registration that is to be kept.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="NgsiLdException">Another source, or this broker, holds part of it (Conflict).</exception>
    public async Task RequireNoneAsync(Work work, SourceRegistration source, CancellationToken cancellationToken)
    {
        if (source.Mode is not (SourceMode.Exclusive or SourceMode.Redirect))
        {
            return;
        }

        if (source.Mode == SourceMode.Exclusive
            && (await RegistrationStore.ListAsync(work, cancellationToken)).Where(row => row.Id != source.Id).Select(row => SourceRegistration.Read(row.Id, row.Document)).FirstOrDefault(other => Overlap(source, other)) is { } rival)
        {
            throw NgsiLdException.Conflict($"information: the registration {rival.Id} holds part of it alone.");
        }

        foreach (var information in source.Information)
        {
            var query = new EntityQuery { Selectors = [.. information.Entities.Select(Selector)], AnyAttribute = information.Attributes?.ToArray(), Limit = 1 };
            if ((await finder.FindAsync(work.Tenant!, query, cancellationToken)).Entities is [var entity, ..])
            {
                throw NgsiLdException.Conflict($"information: the entity {entity.Id} is held here.");
            }
        }
    }

    private static bool Overlap(SourceRegistration mine, SourceRegistration other) => other.Mode is SourceMode.Exclusive or SourceMode.Redirect
        && mine.Information.Any(wanted => other.Information.Any(held => (held.Attributes is null || wanted.Attributes!.Overlaps(held.Attributes))
            && wanted.Entities.Any(entity => held.Entities.Count == 0 || held.Entities.Any(filter => Overlap(entity, filter)))));

    private static bool Overlap(EntityFilter wanted, EntityFilter held) =>
        wanted.Ids!.Any(held.MatchesId) && (held.TypeNames.Count == 0 || wanted.TypeNames.Count == 0 || held.TypeNames.Intersect(wanted.TypeNames).Any());

    private static EntitySelector Selector(EntityFilter filter) => new(filter.Ids, filter.Ids is null ? filter.Pattern?.ToString() : null, filter.Type);
}
