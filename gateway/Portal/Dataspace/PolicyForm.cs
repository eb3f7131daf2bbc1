using System.Globalization;
using System.Text.Json.Nodes;

namespace LivingCity.Gateway.Portal.Dataspace;

/// <summary>The terms that a form asks for; what is left empty is no condition.</summary>
internal sealed record PolicyForm
{
    private const string Odrl = "http://www.w3.org/ns/odrl/2/";
    private const string Own = "urn:living-city:odrl:";

    /// <summary><c>use</c>, <c>aggregate</c> or <c>anonymize</c>.</summary>
    public string Action { get; init; } = "use";

    /// <summary>A purpose of the Data Privacy Vocabulary.</summary>
    public string? Purpose { get; init; }

    /// <summary>The code of an area.</summary>
    public string? Area { get; init; }

    /// <summary>The last day of use.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>The first day from which observations are handed out.</summary>
    public DateOnly? ObservedFrom { get; init; }

    public int? Count { get; init; }

    /// <summary>Requests a minute.</summary>
    public int? Rate { get; init; }

    /// <summary>Days after which the data must be deleted.</summary>
    public int? DeleteAfter { get; init; }

    public bool Attribution { get; init; }

    public bool NoCommerce { get; init; }

    /// <summary>The policy in ODRL, as the connector takes it. The connector checks it.</summary>
    public JsonObject ToPolicy()
    {
        var constraints = new JsonArray();
        Add(constraints, Odrl + "purpose", "isA", Given(Purpose));
        Add(constraints, Odrl + "spatial", "isPartOf", Given(Area));
        Add(constraints, Odrl + "dateTime", "lteq", Until?.ToString("yyyy-MM-dd'T'23:59:59'Z'", CultureInfo.InvariantCulture));
        Add(constraints, Own + "observedAt", "gteq", ObservedFrom?.ToString("yyyy-MM-dd'T'00:00:00'Z'", CultureInfo.InvariantCulture));
        Add(constraints, Odrl + "count", "lteq", Count?.ToString(CultureInfo.InvariantCulture));
        Add(constraints, Own + "rate", "lteq", Rate?.ToString(CultureInfo.InvariantCulture));
        var permission = new JsonObject { ["action"] = Action == "use" ? "use" : Odrl + Action };
        if (constraints.Count > 0)
        {
            permission["constraint"] = constraints;
        }

        var policy = new JsonObject { ["permission"] = new JsonArray(permission) };
        var duties = new JsonArray();
        if (Attribution)
        {
            duties.Add(new JsonObject { ["action"] = Odrl + "attribute" });
        }

        if (DeleteAfter is { } days)
        {
            var period = new JsonArray();
            Add(period, Odrl + "delayPeriod", "lteq", string.Create(CultureInfo.InvariantCulture, $"P{days}D"));
            duties.Add(new JsonObject { ["action"] = Odrl + "delete", ["constraint"] = period });
        }

        if (duties.Count > 0)
        {
            policy["obligation"] = duties;
        }

        if (NoCommerce)
        {
            policy["prohibition"] = new JsonArray(new JsonObject { ["action"] = Odrl + "commercialize" });
        }

        return policy;
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static void Add(JsonArray constraints, string left, string name, string? right)
    {
        if (right is not null)
        {
            constraints.Add(new JsonObject { ["leftOperand"] = left, ["operator"] = name, ["rightOperand"] = right });
        }
    }
}
