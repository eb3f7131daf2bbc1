namespace LivingCity.Gateway.Portal.Assessment;

/// <summary>Addresses of the pages and of the service behind them.</summary>
internal static class AssessmentPaths
{
    public const string Service = "assessment";
    public const string Api = "/api/assessment/v1";

    /// <summary>The parts of one assessment's pages: the text of the tab and the end of the address.</summary>
    public static readonly IReadOnlyList<(string Text, string End)> Parts =
        [("Tab.Answers", ""), ("Tab.Review", "/review"), ("Tab.Results", "/results"), ("Tab.Peers", "/peers"), ("Tab.Roadmap", "/roadmap"), ("Tab.Needs", "/needs")];

    public static string Page(Guid id, string end = "") => $"/assessment/{id}{end}";

    public static string Of(Guid id) => $"{Api}/assessments/{id}";

    public static string Standing(Guid id) => $"{Api}/benchmark/standing/{id}";

    /// <summary>A questionnaire in the first of the visitor's languages that it has.</summary>
    public static string Questionnaire(string id, HttpContext context) => $"{Api}/questionnaires/{id}?{ContentLanguage.Query(context)}";
}
