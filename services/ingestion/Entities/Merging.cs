using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Entities;

/// <summary>
/// How a fragment changes an entity. Pure: each gives the entity after, without its times, which <see cref="Stamping"/> adds. A null in the fragment deletes (ETSI GS CIM 009, clause 5.5.4).
/// </summary>
internal static class Merging
{
    /// <summary>Adds the fragment's instances and replaces those that are there (clauses 5.6.3 and 5.6.8, option update).</summary>
    public static Entity Append(Entity entity, Entity fragment, bool overwrite = true) => entity with
    {
        Types = Union(entity.Types, fragment.Types),
        Scopes = fragment.Scopes is null ? entity.Scopes : overwrite || entity.Scopes is null ? fragment.Scopes : Union(entity.Scopes, fragment.Scopes),
        ExpiresAt = fragment.ExpiresAt ?? entity.ExpiresAt,
        Attributes = Change(entity.Attributes, fragment.Attributes, (before, given) => before is null || overwrite ? Replace(before, given) : before),
    };

    /// <summary>Replaces the instances that are there and adds the others; scopes only take the place of scopes (clause 5.6.2).</summary>
    public static Entity Update(Entity entity, Entity fragment) => Append(entity, entity.Scopes is { Count: > 0 } ? fragment : fragment with { Scopes = null });

    /// <summary>Merges the fragment into the entity, deeply (clauses 5.5.12 and 5.6.17).</summary>
    public static Entity Merge(Entity entity, Entity fragment) => entity with
    {
        Types = Union(entity.Types, fragment.Types),
        Scopes = fragment.Scopes is [] ? null : fragment.Scopes ?? entity.Scopes,
        ExpiresAt = fragment.ExpiresAt ?? entity.ExpiresAt,
        Attributes = Change(entity.Attributes, fragment.Attributes, Merge),
    };

    /// <summary>Merges one instance into another: what is given replaces, values and attributes of the attribute merge.</summary>
    /// <returns>Null when it is deleted.</returns>
    /// <exception cref="NgsiLdException">The kinds differ, or there is nothing to merge into and no value.</exception>
    public static AttributeInstance? Merge(AttributeInstance? before, AttributeInstance given)
    {
        if (given.IsNull)
        {
            return null;
        }

        if (before is null)
        {
            return given.HasValue ? given with { Attributes = Change(Attributes.None, given.Attributes, Merge), Value = WithoutNulls(given) } : throw NgsiLdException.BadRequestData("A new attribute needs a value.");
        }

        given = given.IsBare ? Adapt(given, before.Kind) : given;
        if (given.Kind != before.Kind)
        {
            return given is { HasValue: true, IsBare: false } ? given with { Attributes = Change(Attributes.None, given.Attributes, Merge), Value = WithoutNulls(given) }
                : throw NgsiLdException.BadRequestData($"The attribute is a {before.Kind}, not a {given.Kind}.");
        }

        return before with
        {
            Value = given.HasValue ? MergeValues(before.Value, given.Value) : before.Value,
            ObservedAt = given.ObservedAt ?? (before.ObservedAt is null ? null : given.Hints?.ObservedAt ?? before.ObservedAt),
            ExpiresAt = given.ExpiresAt ?? before.ExpiresAt,
            UnitCode = Text(given.UnitCode, before.UnitCode),
            ObjectTypes = given.ObjectTypes ?? before.ObjectTypes,
            ValueType = given.ValueType ?? before.ValueType,
            Attributes = Change(before.Attributes, given.Attributes, Merge),
        };
    }

    /// <summary>Changes the members of an instance that are given (clause 5.6.4): its value as a whole, its attributes one by one.</summary>
    public static AttributeInstance? Patch(AttributeInstance before, AttributeInstance given)
    {
        if (given.IsNull)
        {
            return null;
        }

        given = given.IsBare ? Adapt(given, before.Kind) : given;
        return given.Kind != before.Kind ? throw NgsiLdException.BadRequestData($"The attribute is a {before.Kind}, not a {given.Kind}.") : before with
        {
            Value = given.HasValue ? given.Value : before.Value,
            ObservedAt = given.ObservedAt ?? before.ObservedAt,
            ExpiresAt = given.ExpiresAt ?? before.ExpiresAt,
            UnitCode = Text(given.UnitCode, before.UnitCode),
            ObjectTypes = given.ObjectTypes ?? before.ObjectTypes,
            ValueType = given.ValueType ?? before.ValueType,
            Attributes = Change(before.Attributes, given.Attributes, Replace),
        };
    }

    /// <summary>The attributes with each given instance put through <paramref name="change"/>; an instance that becomes null goes, and an attribute without instances too.</summary>
    public static Attributes Change(Attributes attributes, Attributes given, Func<AttributeInstance?, AttributeInstance, AttributeInstance?> change)
    {
        if (given.Count == 0)
        {
            return attributes;
        }

        var changed = new Attributes(attributes);
        foreach (var (iri, instances) in given)
        {
            List<AttributeInstance> current = changed.TryGetValue(iri, out var existing) ? [.. existing] : [];
            if (instances is [{ DatasetId: null, IsBare: true, IsNull: true }])
            {
                current.Clear(); // a bare null deletes the attribute with all its instances
            }

            foreach (var instance in instances)
            {
                var index = current.FindIndex(other => other.DatasetId == instance.DatasetId);
                var after = change(index < 0 ? null : current[index], instance);
                if (index >= 0 && after is not null)
                {
                    current[index] = after;
                }
                else if (index >= 0)
                {
                    current.RemoveAt(index);
                }
                else if (after is not null)
                {
                    current.Add(after);
                }
            }

            if (current.Count > 0)
            {
                changed[iri] = current;
            }
            else
            {
                changed.Remove(iri);
            }
        }

        return changed;
    }

    private static AttributeInstance? Replace(AttributeInstance? before, AttributeInstance given) => given.IsNull ? null : given.Attributes.Count == 0 ? given : given with { Attributes = Change(Attributes.None, given.Attributes, Replace) };

    /// <summary>A bare value takes the kind of what it is merged into, where it can.</summary>
    private static AttributeInstance Adapt(AttributeInstance given, AttributeKind kind)
    {
        if (!given.HasValue || given.Kind == kind)
        {
            return given with { Kind = kind };
        }

        return kind switch
        {
            AttributeKind.Relationship when given.Value.ValueKind == JsonValueKind.String && Uris.IsUri(given.Value.GetString()!) => given with { Kind = kind },
            AttributeKind.LanguageProperty when given.Value.ValueKind == JsonValueKind.String || (given.Value.ValueKind == JsonValueKind.Array && given.Value.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String)) =>
                given with { Kind = kind, Value = JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { [given.Hints?.Language ?? "@none"] = given.Value }) },
            AttributeKind.VocabProperty when given.Hints?.Term is { } term => given with { Kind = kind, Value = JsonSerializer.SerializeToElement(term) },
            AttributeKind.VocabProperty when given.Value.ValueKind == JsonValueKind.String && given.Value.GetString()!.Contains(':', StringComparison.Ordinal) => given with { Kind = kind },
            AttributeKind.Property => given with { Kind = kind },
            AttributeKind.ListProperty when given.Value.ValueKind == JsonValueKind.Array => given with { Kind = kind },
            AttributeKind.Relationship or AttributeKind.ListRelationship when given.Value.ValueKind == JsonValueKind.Array && given.Value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && Uris.IsUri(item.GetString()!)) =>
                given with { Kind = kind },
            AttributeKind.JsonProperty => given with { Kind = kind },
            _ => given,
        };
    }

    private static JsonElement MergeValues(JsonElement before, JsonElement given)
    {
        if (before.ValueKind != JsonValueKind.Object || given.ValueKind != JsonValueKind.Object)
        {
            return given;
        }

        var merged = JsonObject.Create(before)!;
        MergeInto(merged, given);
        return JsonSerializer.SerializeToElement(merged);
    }

    private static JsonElement WithoutNulls(AttributeInstance instance) =>
        instance.Kind == AttributeKind.LanguageProperty ? MergeValues(JsonSerializer.SerializeToElement(new JsonObject()), instance.Value) : instance.Value;

    /// <summary>JSON merge patch (RFC 7396) with NGSI-LD's null beside JSON's.</summary>
    private static void MergeInto(JsonObject target, JsonElement patch)
    {
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null || (member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals(AttributeInstance.Null)))
            {
                target.Remove(member.Name);
            }
            else if (member.Value.ValueKind == JsonValueKind.Object && target[member.Name] is JsonObject inner)
            {
                MergeInto(inner, member.Value);
            }
            else
            {
                target[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        }
    }

    private static string? Text(string? given, string? before) => given == AttributeInstance.Null ? null : given ?? before;

    private static IReadOnlyList<string> Union(IReadOnlyList<string> types, IReadOnlyList<string> given) => given.All(types.Contains) ? types : [.. types.Union(given)];
}
