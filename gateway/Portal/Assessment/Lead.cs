using LivingCity.Gateway.Portal.Languages;

namespace LivingCity.Gateway.Portal.Assessment;

/// <summary>Something of the platform that helps with a need.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Language">The name's language, where it is not the page's.</param>
/// <param name="Address">Its page, where it has one.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Reasons">The needs.</param>
internal sealed record Lead(string Title, string? Language, string? Address, string? Summary, IReadOnlyList<LeadReason> Reasons)
{
    public static Lead Of(RecommendedDataset dataset, HttpContext context)
    {
        var language = ContentLanguage.Wanted(context).Append("en").FirstOrDefault(dataset.Title.ContainsKey) ?? dataset.Title.Keys.First();
        return new(dataset.Title[language], ContentLanguage.Mark(language), $"/datasets/{Uri.EscapeDataString(dataset.Dataset)}", dataset.City, dataset.Reasons);
    }

    public static Lead Of(RecommendedModel model) => new(model.Title, ContentLanguage.Mark("en"), null, model.Summary, model.Reasons);

    public static Lead Of(RecommendedSession session) => new(session.Title, ContentLanguage.Mark("en"), $"/programme/{Uri.EscapeDataString(session.Event)}/{Uri.EscapeDataString(session.Session)}", null, session.Reasons);
}

/// <summary>A need: a dimension of the assessment, and what the city scored there.</summary>
internal sealed record LeadReason(string Topic, double Score);

/// <summary>What the data space recommends.</summary>
internal sealed record RecommendedDataset(string Dataset, IReadOnlyDictionary<string, string> Title, string City, Guid Assessment, IReadOnlyList<LeadReason> Reasons);

/// <summary>What the twin recommends.</summary>
internal sealed record RecommendedModel(string Model, string Title, string Summary, Guid Assessment, IReadOnlyList<LeadReason> Reasons);

/// <summary>What the programme recommends.</summary>
internal sealed record RecommendedSession(string Session, string Title, string Event, Guid Assessment, IReadOnlyList<LeadReason> Reasons);
