using LivingCity.Ingestion.Entities;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>Who holds which attributes of one entity (ETSI GS CIM 009, clause 4.3.6).</summary>
internal sealed class Holdings
{
    private readonly string id;
    private readonly IReadOnlyList<string> types;
    private readonly SourceRegistration[] hiding;

    /// <param name="sources">The sources that may take part.</param>
    /// <param name="id">The entity's id.</param>
    /// <param name="types">IRIs of its types; none where they are not known.</param>
    public Holdings(IEnumerable<SourceRegistration> sources, string id, IReadOnlyList<string> types)
    {
        (this.id, this.types) = (id, types);
        Sources = [.. sources.Where(source => source.Information.Any(information => information.MayHold(id, types))).OrderBy(source => source.Mode switch
        {
            SourceMode.Exclusive => 0,
            SourceMode.Redirect => 1,
            SourceMode.Inclusive => 2,
            _ => 3,
        })];
        hiding = [.. Sources.Where(source => source.Mode is SourceMode.Exclusive or SourceMode.Redirect)];
    }

    /// <summary>The sources that may know of the entity, the most particular first.</summary>
    public IReadOnlyList<SourceRegistration> Sources { get; }

    /// <summary>Whether a source holds an attribute, and nobody holds it exclusively before it.</summary>
    public bool Holds(SourceRegistration source, string attribute) => IsRegistered(source, attribute)
        && (source.Mode == SourceMode.Exclusive || !hiding.Any(other => other.Mode == SourceMode.Exclusive && IsRegistered(other, attribute)));

    /// <summary>Whether this broker itself holds an attribute.</summary>
    public bool HoldsLocally(string attribute) => !hiding.Any(source => IsRegistered(source, attribute));

    /// <summary>Whether nothing of the entity is held here: sources that all is redirected to hold it.</summary>
    public bool IsElsewhere => hiding.Any(source => source.Information.Any(information => information.Attributes is null && information.MayHold(id, types)));

    /// <summary>The part of an entity that a holder has.</summary>
    public static Entity Part(Entity entity, Func<string, bool> holds)
    {
        var attributes = new Attributes();
        foreach (var (name, instances) in entity.Attributes.Where(attribute => holds(attribute.Key)))
        {
            attributes[name] = instances;
        }

        return attributes.Count == entity.Attributes.Count ? entity : entity with { Attributes = attributes };
    }

    private bool IsRegistered(SourceRegistration source, string attribute) =>
        source.Information.Any(information => information.MayHold(id, types) && information.Attributes?.Contains(attribute) != false);
}
