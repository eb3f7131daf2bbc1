using System.Text.Json.Nodes;

namespace LivingCity.Ingestion.Tests.Properties;

/// <summary>Entities and queries by chance, from few names and values, so that they meet. The same seed gives the same ones.</summary>
internal sealed class RandomEntities(int seed)
{
    private static readonly string[] Names = ["a", "b", "c", "d"];
    private static readonly string[] Texts = ["x", "y", "z\u00e9", "X", "urn:o:1", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-05-05T00:00:00.25Z", "2026-01-01", "", "a\"b"];
    private static readonly double[] Numbers = [-1, 0, 1, 2.5, 1e10];
    private static readonly string[] Scopes = ["/m", "/m/a", "/m/a/1", "/n", "k"];

    private readonly Random random = new(seed);

    public JsonObject Entity(string id)
    {
        var entity = new JsonObject { ["id"] = id, ["type"] = new JsonArray([.. Some(["T", "U", "V"], 1).Select(type => (JsonNode)type)]) };
        if (random.Next(3) == 0)
        {
            entity["scope"] = new JsonArray([.. Some(Scopes, 1).Select(scope => (JsonNode)scope)]);
        }

        foreach (var name in Some(Names, 0))
        {
            entity[name] = random.Next(4) == 0 ? new JsonArray(Attribute(1), With(Attribute(1), "datasetId", "urn:d:1")) : Attribute(0);
        }

        if (random.Next(2) == 0)
        {
            entity["location"] = new JsonObject { ["type"] = "GeoProperty", ["value"] = Geometry() };
        }

        return entity;
    }

    public string Query() => Any(0);

    public string Types() => random.Next(4) switch
    {
        0 => "T", 1 => "T|U", 2 => "T;V", _ => "(T;U)|V",
    };

    public string ScopeQuery() => Pick(["/m", "/m/%23", "/%2B", "/m/%2B", "/%23", "/n|/m/a", "/m;/n", "/%2B/a/%23"]);

    public string GeoQuery() => $"georel={Pick(["within", "contains", "intersects", "disjoint", "overlaps", "near;maxDistance==60000", "near;minDistance==60000"])}&{Reference()}";

    public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    public int Next(int below) => random.Next(below);

    private string Any(int depth) => string.Join('|', Enumerable.Range(0, 1 + random.Next(2)).Select(_ => string.Join(';', Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Term(depth)))));

    private string Term(int depth) => depth < 2 && random.Next(4) == 0 ? $"({Any(depth + 1)})" : random.Next(5) == 0 ? Path() : Comparison();

    private string Comparison() => random.Next(7) switch
    {
        0 => $"{Path()}{Pick(["==", "!=", ">", "<", ">=", "<="])}{Number()}",
        1 => $"{Path()}{Pick(["==", "!=", ">", "<"])}\"{Pick(Texts).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        2 => $"{Path()}{Pick(["==", "!="])}{Number()},\"x\",true",
        3 => $"{Path()}{Pick(["==", "!="])}-0.5..2.5",
        4 => $"{Path()}{Pick(["~=", "!~="])}{Pick(["x", "^[xy]", "é$", "o:[0-9]"])}",
        5 => $"{Path()}{Pick(["==", ">", "<=", "!="])}{Pick(["2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"])}",
        _ => $"{Path()}{Pick(["==", "!="])}{Pick(["true", "false", "urn:o:1"])}",
    };

    private string Path() => Pick(Names) + Pick(["", "", "", ".s", "[k]", "[k.l]", ".observedAt", "[*]"]);

    private string Number() => Pick(Numbers).ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private JsonObject Attribute(int depth)
    {
        var attribute = random.Next(9) switch
        {
            0 => new JsonObject { ["type"] = "Relationship", ["object"] = Pick(["urn:o:1", "urn:o:2"]) },
            1 => new JsonObject { ["type"] = "LanguageProperty", ["languageMap"] = new JsonObject { ["k"] = Pick(["x", "y"]), ["fr"] = Pick(["x", "zé"]) } },
            2 => new JsonObject { ["type"] = "VocabProperty", ["vocab"] = Pick(["x", "y"]) },
            3 => new JsonObject { ["type"] = "JsonProperty", ["json"] = Value(0) },
            4 => new JsonObject { ["type"] = "ListProperty", ["valueList"] = new JsonArray(Scalar(), Scalar()) },
            5 => new JsonObject { ["type"] = "ListRelationship", ["objectList"] = new JsonArray("urn:o:1", "urn:o:3") },
            _ => new JsonObject { ["type"] = "Property", ["value"] = Value(0) },
        };
        if (depth < 2 && random.Next(3) == 0)
        {
            attribute["s"] = Attribute(depth + 1);
        }

        return random.Next(3) == 0 ? With(attribute, "observedAt", Pick(["2026-01-01T00:00:00Z", "2026-04-01T00:00:00.123Z"])) : attribute;
    }

    private JsonNode Value(int depth) => depth < 2 ? random.Next(6) switch
    {
        0 => new JsonArray(Scalar(), Value(2)),
        1 => new JsonObject { ["k"] = Value(depth + 1) },
        2 => new JsonObject { ["k"] = new JsonObject { ["l"] = Scalar() } },
        3 => new JsonObject { ["@type"] = "X", ["@value"] = Scalar() },
        _ => Scalar(),
    } : Scalar();

    private JsonNode Scalar() => random.Next(3) switch { 0 => Pick(Numbers), 1 => random.Next(2) == 0, _ => Pick(Texts) };

    private JsonObject Geometry() => random.Next(3) switch
    {
        0 => new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(random.Next(10), random.Next(10)) },
        1 => new JsonObject { ["type"] = "LineString", ["coordinates"] = new JsonArray(Position(0, 0), Position(random.Next(1, 10), random.Next(10))) },
        _ => new JsonObject { ["type"] = "Polygon", ["coordinates"] = new JsonArray(Ring(random.Next(8), random.Next(8), 1 + random.Next(3))) },
    };

    private string Reference()
    {
        var geometry = random.Next(2) == 0 ? new JsonObject { ["type"] = "Point", ["coordinates"] = Position(random.Next(10) + 0.3, random.Next(10) + 0.4) }
            : new JsonObject { ["type"] = "Polygon", ["coordinates"] = new JsonArray(Ring(random.Next(6) + 0.3, random.Next(6) + 0.4, 4)) };
        return $"geometry={geometry["type"]}&coordinates={geometry["coordinates"]!.ToJsonString()}";
    }

    private static JsonArray Ring(double x, double y, double size) => new(Position(x, y), Position(x + size, y), Position(x + size, y + size), Position(x, y + size), Position(x, y));

    private static JsonArray Position(double x, double y) => new(x, y);

    private static JsonObject With(JsonObject attribute, string member, JsonNode value)
    {
        attribute[member] = value;
        return attribute;
    }

    private string[] Some(IReadOnlyList<string> items, int least)
    {
        var chosen = items.Where(_ => random.Next(2) == 0).ToArray();
        return chosen.Length >= least ? chosen : [Pick(items)];
    }
}
