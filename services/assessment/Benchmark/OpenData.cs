using LivingCity.Assessment.Questionnaires;
using LivingCity.Contracts.Ingestion;

namespace LivingCity.Assessment.Benchmark;

/// <summary>The published tables as a dataset of the catalogue (DCAT).</summary>
internal static class OpenData
{
    public static DatasetDescribed Describe(string publisher, Published questionnaire, BenchmarkTables tables) => new(
        publisher,
        $"urn:living-city:dataset:benchmark:{tables.Questionnaire.Replace('/', ':')}",
        questionnaire.Structure.Languages.ToDictionary(language => language, language => questionnaire.Texts.Find(language, "title")),
        questionnaire.Structure.Languages.ToDictionary(language => language, language => questionnaire.Texts.Find(language, "note")),
        ["benchmark", "digital maturity", "local administration"],
        "GOVE",
        $"/api/assessment/v1/benchmark/{tables.Questionnaire}/open-data.csv",
        "text/csv",
        "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
        tables.AsOf,
        Synthetic: tables.Synthetic > 0);
}
