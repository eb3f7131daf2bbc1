using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Scoring;
using LivingCity.Contracts.Assessment;

namespace LivingCity.Assessment.Reports;

/// <summary>What a need leads to: datasets to look for, scenarios to try, sessions to attend. By keywords that the other services understand.</summary>
internal static class Recommended
{
    private static readonly Dictionary<string, (string Kind, string Topic)[]> Leads = new()
    {
        ["governance"] = [("session", "governance"), ("dataset", "algorithm register")],
        ["people"] = [("session", "people")],
        ["services"] = [("session", "services")],
        ["data"] = [("session", "data"), ("dataset", "air quality"), ("dataset", "mobility")],
        ["infrastructure"] = [("session", "infrastructure"), ("dataset", "connectivity")],
        ["inclusion"] = [("session", "inclusion"), ("dataset", "population")],
        ["networking"] = [("session", "networking")],
        ["heat"] = [("scenario", "heat"), ("dataset", "temperature"), ("session", "climate")],
        ["water"] = [("scenario", "flood"), ("dataset", "precipitation"), ("dataset", "water level"), ("session", "climate")],
        ["energy"] = [("scenario", "power"), ("dataset", "energy")],
        ["green"] = [("scenario", "green-space"), ("scenario", "heat"), ("dataset", "trees")],
        ["mobility"] = [("scenario", "traffic"), ("dataset", "air quality"), ("dataset", "traffic")],
        ["preparedness"] = [("session", "climate")],
        ["mim1"] = [("session", "data")], ["mim2"] = [("session", "data")], ["mim3"] = [("session", "data spaces")], ["mim4"] = [("session", "data spaces")], ["mim5"] = [("session", "governance")],
        ["mim6"] = [("session", "infrastructure")], ["mim7"] = [("dataset", "places")], ["mim8"] = [("dataset", "indicators")], ["mim9"] = [("session", "digital twins")], ["mim10"] = [("dataset", "energy")],
    };

    /// <summary>In the order of the needs, the weakest dimension first. A city's own questionnaire leads to what its dimensions are called.</summary>
    public static IReadOnlyList<Recommendation> For(Questionnaire questionnaire, Score score) =>
        [.. score.Needs.SelectMany(need => Leads.GetValueOrDefault(need, [("session", need)]).Select(lead => new Recommendation(lead.Kind, lead.Topic, need, score.Dimensions[need])))
            .Where(lead => questionnaire.Dimensions.Any(dimension => dimension.Id == lead.Because))];
}
