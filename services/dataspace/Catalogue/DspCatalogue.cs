using System.Text.Json.Nodes;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Policies;
using LivingCity.Dataspace.Protocol;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>The catalogue in the protocol's own shape. Its identifiers are those of the DCAT-AP one.</summary>
internal static class DspCatalogue
{
    public static JsonObject Catalogue(Participant participant, IEnumerable<JsonObject> datasets)
    {
        var catalogue = Dsp.Message("Catalog", ("participantId", participant.Id), ("service", new JsonArray(Service(participant))));
        catalogue.Insert(1, "@id", $"{participant.Id}:catalogue");
        var items = new JsonArray([.. datasets]);
        if (items.Count > 0)
        {
            catalogue["dataset"] = items;
        }

        return catalogue;
    }

    /// <summary>One dataset with the offers that this caller could use, or null when there are none: then it is not in the catalogue.</summary>
    public static JsonObject? Dataset(DatasetRow row, IEnumerable<OfferRow> offers, Participant participant, DateTimeOffset now, Claims claims)
    {
        var policies = offers.Where(offer => PolicyEvaluator.Evaluate(PolicyJson.Read(offer.Policy), new Facts { Stage = Stage.Catalogue, Now = now, Claims = claims }).Permitted).Select(Offer).ToArray<JsonNode>();
        return policies.Length == 0 ? null : new JsonObject
        {
            ["@id"] = row.Id,
            ["@type"] = "Dataset",
            ["hasPolicy"] = new JsonArray(policies),
            ["distribution"] = new JsonArray([.. Dsp.Formats.Select(format => (JsonNode)new JsonObject { ["@type"] = "Distribution", ["format"] = format, ["accessService"] = Service(participant) })]),
            ["http://purl.org/dc/terms/title"] = DcatDocument.Texts(row.Title),
            ["http://purl.org/dc/terms/description"] = DcatDocument.Texts(row.Description),
        };
    }

    private static JsonObject Service(Participant participant) => new() { ["@id"] = $"{participant.Id}:connector", ["@type"] = "DataService", ["endpointURL"] = participant.ProtocolAddress };

    private static JsonObject Offer(OfferRow offer)
    {
        var json = offer.ToMessageOffer();
        json.Remove("target"); // the dataset around it is the target
        return json;
    }
}
