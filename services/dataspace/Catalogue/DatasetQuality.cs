using System.Globalization;
using System.Text.Json.Nodes;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>
/// What speaks for the quality of a dataset, in the Data Quality Vocabulary (W3C DQV): points that can be told from its description and from when and where data came in. It says nothing of
/// how true the readings are.
/// </summary>
internal static class DatasetQuality
{
    private const string Metrics = "urn:living-city:quality:";

    /// <summary>The points, in the order of the database's function <c>dataset_quality</c>.</summary>
    private static readonly string[] Points = ["titleInTwoLanguages", "descriptionInTwoLanguages", "threeKeywords", "measured", "periodKnown", "placeKnown", "freshWithinAWeek"];

    /// <summary>The share of points that hold, in percent, rounded down.</summary>
    public static int Score(bool[] held) => 100 * held.Count(point => point) / Points.Length;

    /// <summary>A measurement for each point, and one of them all.</summary>
    public static JsonArray Measurements(bool[] held) => new([
        Measurement("score", "xsd:integer", Score(held).ToString(CultureInfo.InvariantCulture)),
        .. Points.Zip(held, (point, holds) => Measurement(point, "xsd:boolean", holds ? "true" : "false")),
    ]);

    private static JsonObject Measurement(string metric, string type, string value) => new()
    {
        ["@type"] = "dqv:QualityMeasurement",
        ["dqv:isMeasurementOf"] = new JsonObject { ["@id"] = Metrics + metric },
        ["dqv:value"] = new JsonObject { ["@type"] = type, ["@value"] = value },
    };
}
