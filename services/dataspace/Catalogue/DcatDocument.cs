using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Dataspace.Policies;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>One dataset of the catalogue as it is stored.</summary>
internal sealed record DatasetRow
{
    public required string Tenant { get; init; }

    public required string Id { get; init; }

    /// <summary>JSON: text by language tag.</summary>
    public required string Title { get; init; }

    /// <summary>JSON: text by language tag.</summary>
    public required string Description { get; init; }

    public required string[] Keywords { get; init; }

    public required string Theme { get; init; }

    public required string AccessPath { get; init; }

    public required string MediaType { get; init; }

    public required string License { get; init; }

    public bool Synthetic { get; init; }

    public DateTime IssuedAt { get; init; }

    public DateTime DescribedAt { get; init; }

    public string? EntityType { get; init; }

    /// <summary>Where the data is, when it is not a service of this platform that keeps it.</summary>
    public string? ExternalUrl { get; init; }

    public DateTime? FirstObservedAt { get; init; }

    public DateTime? LastObservedAt { get; init; }

    public DateTime? UpdatedAt { get; init; }

    /// <summary>The rectangle that observations came from, in degrees.</summary>
    public double? West { get; init; }

    public double? South { get; init; }

    public double? East { get; init; }

    public double? North { get; init; }

    /// <summary>Which points of <see cref="DatasetQuality"/> hold.</summary>
    public bool[] Quality { get; init; } = [];
}

/// <summary>The catalogue in JSON-LD after DCAT-AP 3.0.1.</summary>
internal static class DcatDocument
{
    /// <summary>The Publications Office's authority table of access rights.</summary>
    private const string AccessRights = "http://publications.europa.eu/resource/authority/access-right";

    private static readonly JsonObject Context = new()
    {
        ["dcat"] = "http://www.w3.org/ns/dcat#",
        ["dct"] = "http://purl.org/dc/terms/",
        ["foaf"] = "http://xmlns.com/foaf/0.1/",
        ["locn"] = "http://www.w3.org/ns/locn#",
        ["dcatap"] = "http://data.europa.eu/r5r/",
        ["geosparql"] = "http://www.opengis.net/ont/geosparql#",
        ["rdfs"] = "http://www.w3.org/2000/01/rdf-schema#",
        ["skos"] = "http://www.w3.org/2004/02/skos/core#",
        ["vcard"] = "http://www.w3.org/2006/vcard/ns#",
        ["odrl"] = "http://www.w3.org/ns/odrl/2/",
        ["dqv"] = "http://www.w3.org/ns/dqv#",
        ["xsd"] = "http://www.w3.org/2001/XMLSchema#",
    };

    public static JsonObject Catalogue(IEnumerable<(DatasetRow Row, IEnumerable<OfferRow> Offers)> datasets, Uri platform) => new()
    {
        ["@context"] = Context.DeepClone(),
        ["@id"] = new Uri(platform, "/api/dataspace/v1/catalogue").ToString(),
        ["@type"] = "dcat:Catalog",
        ["dct:title"] = Text("en", "Living City catalogue"),
        ["dct:description"] = Text("en", "Datasets of the cities of this platform, each with the policy under which it may be used."),
        ["dct:publisher"] = Agent("urn:living-city:platform", "Living City"),
        ["dcat:service"] = Service(platform),
        ["dcat:dataset"] = new JsonArray([.. datasets.Select(dataset => (JsonNode)Dataset(dataset.Row, dataset.Offers, platform))]),
    };

    public static JsonObject Dataset(DatasetRow row, IEnumerable<OfferRow> offers, Uri platform, bool withContext = false)
    {
        var dataset = new JsonObject
        {
            ["@id"] = row.Id,
            ["@type"] = "dcat:Dataset",
            ["dct:title"] = Texts(row.Title),
            ["dct:description"] = Texts(row.Description),
            ["dct:publisher"] = Agent($"urn:living-city:city:{row.Tenant}", row.Tenant),
            ["dct:issued"] = Time(row.IssuedAt),
            ["dct:modified"] = Time(row.UpdatedAt ?? row.DescribedAt),
            ["dcat:keyword"] = new JsonArray([.. row.Keywords.Concat(row.Synthetic ? ["synthetic"] : []).Select(keyword => (JsonNode)Text("en", keyword))]),
            ["dcat:theme"] = new JsonObject { ["@id"] = $"http://publications.europa.eu/resource/authority/data-theme/{row.Theme}", ["@type"] = "skos:Concept", ["skos:prefLabel"] = Text("en", row.Theme) },
            ["dcat:contactPoint"] = new JsonObject { ["@id"] = $"urn:living-city:city:{row.Tenant}:contact", ["@type"] = "vcard:Kind", ["vcard:fn"] = row.Tenant },
            ["dcat:distribution"] = new JsonArray(new JsonObject
            {
                ["@id"] = $"{row.Id}:distribution",
                ["@type"] = "dcat:Distribution",
                ["dct:description"] = Texts(row.Description),
                ["dcat:accessURL"] = new JsonObject { ["@id"] = row.ExternalUrl ?? new Uri(platform, row.AccessPath).ToString(), ["@type"] = "rdfs:Resource" },
                ["dcat:mediaType"] = new JsonObject { ["@id"] = $"https://www.iana.org/assignments/media-types/{row.MediaType}", ["@type"] = "dct:MediaType" },
                ["dcatap:availability"] = new JsonObject { ["@id"] = "http://publications.europa.eu/resource/authority/planned-availability/AVAILABLE", ["@type"] = "skos:Concept", ["skos:prefLabel"] = Text("en", "available") },
                ["dct:license"] = new JsonObject { ["@id"] = row.License, ["@type"] = "dct:LicenseDocument" },
                ["dcat:accessService"] = Service(platform),
            }),
            ["dqv:hasQualityMeasurement"] = DatasetQuality.Measurements(row.Quality),
            ["odrl:hasPolicy"] = OdrlDocument.Offers(offers),
        };
        if (offers.Any() && offers.All(offer => offer.Approval == Approval.Manual || PolicyTerms.AsksForClaims(PolicyJson.Read(offer.Policy))))
        {
            // Everybody may find it; having it takes credentials, or a person's word.
            dataset["dct:accessRights"] = new JsonObject { ["@id"] = $"{AccessRights}/RESTRICTED", ["@type"] = "dct:RightsStatement", ["skos:prefLabel"] = Text("en", "restricted") };
        }

        if (row is { FirstObservedAt: { } first, LastObservedAt: { } last })
        {
            dataset["dct:temporal"] = new JsonObject { ["@type"] = "dct:PeriodOfTime", ["dcat:startDate"] = Time(first), ["dcat:endDate"] = Time(last) };
        }

        if (row is { West: { } west, South: { } south, East: { } east, North: { } north })
        {
            var box = string.Create(CultureInfo.InvariantCulture, $"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))");
            dataset["dct:spatial"] = new JsonObject { ["@type"] = "dct:Location", ["dcat:bbox"] = new JsonObject { ["@type"] = "geosparql:wktLiteral", ["@value"] = box } };
        }

        if (withContext)
        {
            dataset.Insert(0, "@context", Context.DeepClone());
        }

        return dataset;
    }

    private static JsonObject Service(Uri platform) => new()
    {
        ["@id"] = new Uri(platform, "/dsp/2025-1#connector").ToString(),
        ["@type"] = "dcat:DataService",
        ["dct:title"] = Text("en", "Data space connector"),
        ["dcat:endpointURL"] = new JsonObject { ["@id"] = new Uri(platform, "/dsp/2025-1").ToString(), ["@type"] = "rdfs:Resource" },
    };

    private static JsonObject Agent(string id, string name) => new() { ["@id"] = id, ["@type"] = "foaf:Agent", ["foaf:name"] = name };

    internal static JsonArray Texts(string byLanguage) =>
        new([.. JsonSerializer.Deserialize<Dictionary<string, string>>(byLanguage)!.Select(text => (JsonNode)Text(text.Key, text.Value))]);

    private static JsonObject Text(string language, string value) => new() { ["@language"] = language, ["@value"] = value };

    private static JsonObject Time(DateTime time) => new() { ["@type"] = "xsd:dateTime", ["@value"] = time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) };
}
