using System.Text.Json;
using System.Text.RegularExpressions;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Representations;

/// <summary>
/// A version of the specification, in whose terms entities are written for readers that know no later one (ETSI GS CIM 009, clause 4.3.6.8). What came later is left out, or becomes what
/// it is a kind of.
/// </summary>
/// <param name="Major">The number before the point.</param>
/// <param name="Minor">The number after it.</param>
internal sealed partial record Conformance(int Major, int Minor)
{
    /// <summary>The latest that this broker speaks.</summary>
    private static readonly Conformance Latest = new(1, 9);

    private static readonly Conformance Instances = new(1, 3);
    private static readonly Conformance Languages = new(1, 4);
    private static readonly Conformance Kinds = new(1, 8);

    public static bool TryParse(string text, out Conformance version)
    {
        var match = VersionPattern().Match(text);
        version = match.Success ? new Conformance(int.Parse(match.Groups[1].ValueSpan, null), int.Parse(match.Groups[2].ValueSpan, null)) : Latest;
        return match.Success;
    }

    /// <summary>The version that a request prefers, and says in the answer what it will get: never a later one than there is (clauses 6.3.6 and 5.7.1.4).</summary>
    /// <returns>Null when entities need not be changed for it.</returns>
    public static Conformance? Of(NgsiLdRequest request, Shape shape)
    {
        var preferences = request.Http.Request.Headers["Prefer"];
        var wish = preferences.Count == 0 ? null : preferences.SelectMany(header => (header ?? "").Split(',', StringSplitOptions.TrimEntries)).FirstOrDefault(item => item.StartsWith("ngsi-ld=", StringComparison.Ordinal));
        if (wish is null || shape.MediaType == MediaTypes.GeoJson || !TryParse(wish["ngsi-ld=".Length..].Trim('"'), out var version))
        {
            return null; // a preference that is not understood is passed over (RFC 7240, section 2)
        }

        var applied = version.IsBefore(Latest) ? version : Latest;
        request.Http.Response.Headers["Preference-Applied"] = $"ngsi-ld={applied.Major}.{applied.Minor}";
        return applied == Latest ? null : applied;
    }

    /// <summary>The entity in terms of this version.</summary>
    public Entity Amend(Entity entity, LdContext names)
    {
        if (!IsBefore(Latest))
        {
            return entity;
        }

        var attributes = new Attributes();
        foreach (var (iri, instances) in entity.Attributes)
        {
            attributes[iri] = Amend(instances, names);
        }

        return entity with
        {
            Types = IsBefore(Instances) && entity.Types.Count > 1 ? [entity.Types[0]] : entity.Types,
            Scopes = IsBefore(Languages) ? null : entity.Scopes,
            ExpiresAt = null,
            Attributes = attributes,
        };
    }

    public IReadOnlyList<AttributeInstance> Amend(IReadOnlyList<AttributeInstance> instances, LdContext names) =>
        IsBefore(Instances) ? [Amend(instances.FirstOrDefault(instance => instance.DatasetId is null) ?? instances[0], names)] : [.. instances.Select(instance => Amend(instance, names))];

    public AttributeInstance Amend(AttributeInstance instance, LdContext names)
    {
        var old = IsBefore(Instances);
        var attributes = instance.Attributes;
        if (attributes.Count > 0)
        {
            attributes = [];
            foreach (var (iri, inner) in instance.Attributes)
            {
                attributes[iri] = Amend(inner, names);
            }
        }

        return instance with
        {
            Kind = instance.Kind switch
            {
                AttributeKind.LanguageProperty when IsBefore(Languages) => AttributeKind.Property,
                AttributeKind.JsonProperty or AttributeKind.VocabProperty or AttributeKind.ListProperty when IsBefore(Kinds) => AttributeKind.Property,
                AttributeKind.ListRelationship when IsBefore(Kinds) => AttributeKind.Relationship,
                var kind => kind,
            },
            Value = instance.Kind == AttributeKind.VocabProperty && IsBefore(Kinds) ? Words(instance.Value, names) : instance.Value,
            DatasetId = old ? null : instance.DatasetId,
            ObservedAt = old ? null : instance.ObservedAt,
            UnitCode = old ? null : instance.UnitCode,
            ObjectTypes = IsBefore(Kinds) ? null : instance.ObjectTypes,
            ValueType = null,
            ExpiresAt = null,
            Attributes = attributes,
        };
    }

    private static JsonElement Words(JsonElement vocabulary, LdContext names) => vocabulary.ValueKind == JsonValueKind.Array
        ? JsonSerializer.SerializeToElement(vocabulary.EnumerateArray().Select(word => names.Compact(word.GetString()!)))
        : JsonSerializer.SerializeToElement(names.Compact(vocabulary.GetString()!));

    private bool IsBefore(Conformance other) => Major < other.Major || (Major == other.Major && Minor < other.Minor);

    [GeneratedRegex(@"^(\d{1,4})\.(\d{1,4})$")]
    private static partial Regex VersionPattern();
}
