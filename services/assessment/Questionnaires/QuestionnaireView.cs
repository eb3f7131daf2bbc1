using Microsoft.AspNetCore.Http.Headers;

namespace LivingCity.Assessment.Questionnaires;

/// <summary>A questionnaire in one language, as people answer it.</summary>
/// <param name="Id">Name and version.</param>
/// <param name="Title">Its title.</param>
/// <param name="Note">What it is and is not.</param>
/// <param name="Language">The language of the texts.</param>
/// <param name="Languages">All languages that it is complete in.</param>
/// <param name="Levels">The levels with their lowest scores.</param>
/// <param name="Dimensions">What is assessed.</param>
/// <param name="Follows">The version before.</param>
internal sealed record QuestionnaireView(
    string Id, string Title, string Note, string Language, IReadOnlyList<string> Languages, IReadOnlyList<LevelView> Levels, IReadOnlyList<DimensionView> Dimensions, string? Follows)
{
    public static QuestionnaireView Of(Published published, string language)
    {
        var (structure, texts) = published;
        string Text(string key) => texts.Find(language, key);
        return new QuestionnaireView(
            structure.Id, Text("title"), Text("note"), language, structure.Languages, [.. structure.Levels.Select((from, index) => new LevelView(index + 1, from, Text($"level/{index + 1}")))],
            [.. structure.Dimensions.Select(dimension => new DimensionView(
                dimension.Id, Text(dimension.Id), dimension.Weight, [.. dimension.Indicators.Select(indicator => new IndicatorView(indicator.Id, Text(indicator.Id), indicator.Weight))],
                [.. dimension.Indicators.SelectMany(indicator => indicator.Questions.Select(question => Question(structure, texts, indicator, question, language)))]))],
            structure.Follows);
    }

    private static QuestionView Question(Questionnaire structure, TextSet texts, Indicator indicator, Question question, string language) => new(
        question.Id, indicator.Id, question.Kind, texts.Find(language, question.Id), question.Weight,
        [.. structure.OptionsOf(question).Select(option => new OptionView(option.Id, texts.Option(language, question, option.Id), option.Score, option.Exclusive))],
        [.. (question.Rows ?? []).Select(row => new RowView(row, texts.Find(language, $"{question.Id}#{row}")))],
        question.Unit is { } unit ? texts.Find(language, $"unit:{unit}.other").Replace("{0}", "", StringComparison.Ordinal).Trim() : null,
        question.Minimum, question.Maximum, question.Points, question.VisibleIf, question.Optional, question.MayNotApply, question.Mims ?? [], question.Prefill);
}

/// <summary>A level.</summary>
internal sealed record LevelView(int Number, double From, string Title);

/// <summary>One aspect of what is assessed.</summary>
internal sealed record DimensionView(string Id, string Title, double Weight, IReadOnlyList<IndicatorView> Indicators, IReadOnlyList<QuestionView> Questions);

/// <summary>What a few questions measure together.</summary>
internal sealed record IndicatorView(string Id, string Title, double Weight);

/// <summary>A question; <see cref="Questionnaires.Question"/> says what its members mean.</summary>
internal sealed record QuestionView(
    string Id, string Indicator, QuestionKind Kind, string Text, double Weight, IReadOnlyList<OptionView> Options, IReadOnlyList<RowView> Rows, string? Unit, double? Minimum, double? Maximum,
    IReadOnlyList<IReadOnlyList<double>>? Points, Condition? VisibleIf, bool Optional, bool MayNotApply, IReadOnlyList<string> Mims, string? Prefill);

/// <summary>An answer to choose.</summary>
internal sealed record OptionView(string Id, string Text, double? Score, bool Exclusive);

/// <summary>A row of a matrix.</summary>
internal sealed record RowView(string Id, string Text);

internal static class WantedLanguages
{
    /// <summary>The caller's languages, the most wanted first: <c>?language=</c>, then <c>Accept-Language</c>.</summary>
    public static IReadOnlyList<string> Languages(this HttpRequest request) =>
        [
            .. request.Query["language"].OfType<string>(),
            .. new RequestHeaders(request.Headers).AcceptLanguage.OrderByDescending(language => language.Quality ?? 1).Select(language => language.Value.ToString().Split('-')[0].ToLowerInvariant()),
        ];
}
