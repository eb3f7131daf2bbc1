using System.Text;
using System.Text.Json;

namespace LivingCity.Ingestion.Entities;

/// <summary>
/// What an entity can be found by without reading it: hashes of short statements about it. A hash that is there may be another statement's, so what is found is always checked;
/// a hash that is not there is proof. Numbers and instants change with every measurement and are left out: an update of these touches no index.
/// </summary>
internal static class Facts
{
    private const int LongestText = 256;

    public static long HasType(string type) => Hash($"t {type}");

    public static long HasAttribute(string attribute) => Hash($"a {attribute}");

    public static long IsText(string attribute, string text) => Hash($"v {attribute} {text}");

    public static long IsTrue(string attribute) => Hash($"b {attribute} true");

    public static long IsFalse(string attribute) => Hash($"b {attribute} false");

    /// <summary>Whether a text is one that <see cref="Of"/> speaks of.</summary>
    public static bool Covers(string text) => text.Length <= LongestText && !Instants.TryRead(text, out _);

    /// <summary>All facts of an entity, sorted.</summary>
    public static long[] Of(Entity entity)
    {
        var facts = new SortedSet<long>(entity.Types.Select(HasType));
        foreach (var (iri, instances) in entity.Attributes)
        {
            facts.Add(HasAttribute(iri));
            foreach (var value in instances.Where(instance => instance.HasValue && instance.Kind is not AttributeKind.GeoProperty).SelectMany(Values))
            {
                switch (value.ValueKind)
                {
                    case JsonValueKind.String when value.GetString() is { } text && Covers(text): facts.Add(IsText(iri, text)); break;
                    case JsonValueKind.True: facts.Add(IsTrue(iri)); break;
                    case JsonValueKind.False: facts.Add(IsFalse(iri)); break;
                }
            }
        }

        return [.. facts];
    }

    private static IEnumerable<JsonElement> Values(AttributeInstance instance)
    {
        var values = instance.Kind == AttributeKind.LanguageProperty ? instance.Value.EnumerateObject().Select(language => language.Value) : [instance.Value];
        return values.SelectMany(value => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().AsEnumerable() : [value])
            .Select(value => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("@value", out var plain) ? plain : value);
    }

    /// <summary>FNV-1a, 64 bits: the same on every machine and in every version.</summary>
    private static long Hash(string statement)
    {
        Span<byte> stack = stackalloc byte[1024];
        var length = Encoding.UTF8.GetMaxByteCount(statement.Length);
        var octets = length <= stack.Length ? stack : new byte[length];
        octets = octets[..Encoding.UTF8.GetBytes(statement, octets)];
        var hash = 14695981039346656037UL;
        foreach (var octet in octets)
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }

        return unchecked((long)hash);
    }
}
