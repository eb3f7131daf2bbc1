using System.Text.Json;

namespace LivingCity.Gateway.Portal.Assessment;

/// <summary>What the assessment service tells of; members that the pages do not show are left out.</summary>
internal sealed record QuestionnaireItem(string Id, string Title, int Questions, IReadOnlyList<string> Languages, bool Newest);

internal sealed record Questionnaire(string Id, string Title, string Note, string Language, IReadOnlyList<string> Languages, IReadOnlyList<LevelName> Levels, IReadOnlyList<Dimension> Dimensions)
{
    public Question? Find(string id) => Dimensions.SelectMany(dimension => dimension.Questions).FirstOrDefault(question => question.Id == id);
}

internal sealed record LevelName(int Number, double From, string Title);

internal sealed record Dimension(string Id, string Title, IReadOnlyList<Indicator> Indicators, IReadOnlyList<Question> Questions);

internal sealed record Indicator(string Id, string Title);

public sealed record Question(
    string Id, string Indicator, string Kind, string Text, IReadOnlyList<Choice> Options, IReadOnlyList<Choice> Rows, string? Unit, double? Minimum, double? Maximum, bool Optional, bool MayNotApply)
{
    /// <summary>An answer in words.</summary>
    public string Say(JsonElement? value) => value is not { } given ? "" : given.ValueKind switch
    {
        JsonValueKind.String => Options.FirstOrDefault(option => option.Id == given.GetString())?.Text ?? given.GetString()!,
        JsonValueKind.Array => string.Join(", ", given.EnumerateArray().Select(item => Options.FirstOrDefault(option => option.Id == item.GetString())?.Text ?? item.GetString())),
        JsonValueKind.Object => string.Join("; ", Rows.Where(row => given.TryGetProperty(row.Id, out _)).Select(row => $"{row.Text}: {Options.FirstOrDefault(option => option.Id == given.GetProperty(row.Id).GetString())?.Text}")),
        JsonValueKind.Number => $"{given.GetDouble():0.##}{(Unit is null ? "" : $" {Unit}")}",
        _ => "",
    };
}

public sealed record Choice(string Id, string Text);

internal sealed record AssessmentItem(Guid Id, string Questionnaire, string Status, DateTimeOffset StartedAt, double? Overall, int? Level);

internal sealed record AssessmentState(
    Guid Id, string Questionnaire, string Status, bool RequiresReview, IReadOnlyDictionary<string, Given> Answers, IReadOnlyList<string> Open, IReadOnlyList<string> Hidden, long Position, Result? Result);

public sealed record Given(JsonElement? Value, bool NotApplicable, long Version, string AnsweredBy, DateTimeOffset AnsweredAt, string? Measured);

internal sealed record Result(double Overall, int Level, IReadOnlyDictionary<string, double> Dimensions, IReadOnlyList<string> Needs, IReadOnlyList<DimensionResult>? Details);

internal sealed record RescoringState(bool Identical, IReadOnlyList<Rescored> Later);

internal sealed record Rescored(string Questionnaire, double Overall, int Level, int Carried, int Asked);

internal sealed record DimensionResult(string Id, double? Value, double Share, IReadOnlyList<IndicatorResult> Indicators);

internal sealed record IndicatorResult(string Id, double? Value, IReadOnlyList<QuestionResult> Questions);

internal sealed record QuestionResult(string Id, double? Value, double Points, double Lost, string Why);

public sealed record Comment(Guid Id, string Question, string Text, string By, DateTimeOffset At);

public sealed record EvidenceFile(Guid Id, string Question, string Name, long Size);

internal sealed record DepartmentState(string Id, string Name, IReadOnlyList<string> Parts, int Questions, IReadOnlyList<string> Open);

internal sealed record ReviewStep(string Decision, string Note, string By, DateTimeOffset At);

internal sealed record CityProfile(string Name, string? Country, string? Region, int? Population);

internal sealed record Standing(int Synthetic, double Overall, IReadOnlyList<PeerGroup> Groups, IReadOnlyList<TrendPoint> Trend)
{
    /// <summary>Figures of all cities by dimension, where they are published.</summary>
    public IReadOnlyDictionary<string, Figures>? Whole => Groups.FirstOrDefault(group => group.Grouping == "all")?.Dimensions;
}

internal sealed record PeerGroup(string Grouping, string Cell, int? N, Figures? Figures, IReadOnlyDictionary<string, Figures>? Dimensions, Interval? Standing, string? Verdict, Sensitivity? Weights);

internal sealed record Figures(double P25, double Median, double P75);

internal sealed record Interval(double Share, double Low, double High);

internal sealed record Sensitivity(double Low, double High);

internal sealed record TrendPoint(int Year, string Questionnaire, double Overall, double? Median, int? N, bool Break);

public sealed record Roadmap(double From, double To, int LevelThen, IReadOnlyList<double> Cost, double Effort, int Months, bool Reached, IReadOnlyList<RoadmapAction> Actions, string? Language = null);

public sealed record RoadmapAction(
    string Id, string Title, int Start, int End, double Effort, IReadOnlyList<double> Cost, IReadOnlyList<string> After, IReadOnlyList<Example> Examples, IReadOnlyList<Trace> Traces);

public sealed record Example(string City, string What);

public sealed record Trace(string? Indicator, double Points, IReadOnlyList<string> Questions, string? NeededBy);

public sealed record IssuedRoadmap(Guid Id, Roadmap Roadmap, string IssuedBy, DateTimeOffset IssuedAt, IReadOnlyDictionary<string, Progress> Progress);

public sealed record Progress([property: System.Text.Json.Serialization.JsonPropertyName("progress")] string State, string Note, string By, DateTimeOffset At);

internal sealed record ActionLibrary(IReadOnlyList<ActionName> Actions);

internal sealed record ActionName(string Id, IReadOnlyDictionary<string, string> Titles);

internal sealed record NeedsDocument(string Title, string Introduction, string Language, IReadOnlyList<NeedsFact> Facts, IReadOnlyList<NeedsPart> Parts);

internal sealed record NeedsFact(string Name, string Value);

internal sealed record NeedsPart(string Title, IReadOnlyList<NeedsLine> Lines);

internal sealed record NeedsLine(string Text, string Origin);

internal sealed record Phase(string Id, DateOnly Opens, DateOnly Deadline, string Zone, int EncouragedAbove, bool Demonstration, bool Open);

public sealed record Expression(
    Guid Id, string City, string Phase, int Population, bool Encouraged, string Contact, string Motivation, string Status, DateOnly? ServiceEnds, IReadOnlyList<Milestone> Milestones, string? Report);

public sealed record Milestone(string Name, DateOnly Due, DateTimeOffset? DoneAt);
