using System.Globalization;
using LivingCity.Assessment.Mims;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Questionnaires.Languages;
using LivingCity.Assessment.Roadmaps;
using LivingCity.Assessment.Scoring;

namespace LivingCity.Assessment.Procurement;

/// <summary>Writes the needs. Pure: a line without a source is not written.</summary>
/// <param name="questionnaire">What was answered, with its texts.</param>
/// <param name="score">Its score.</param>
/// <param name="roadmap">The roadmap, where there is one.</param>
/// <param name="language">en, bg, es or fr.</param>
internal sealed class NeedsMaker(Published questionnaire, Score score, Roadmap? roadmap, string language)
{
    private const int Years = 5;

    private readonly NeedsLibrary library = NeedsLibrary.Current;
    private readonly string questions = questionnaire.Texts.Choose([language]);

    public NeedsDocument Make(NeedsOf of)
    {
        var gaps = Gaps();
        var percents = Percents([.. gaps.Select(gap => 1 + gap.Lost.Count + gap.Actions.Count)]);
        var parts = new List<NeedsPart>
        {
            new(Label("requirements"), [.. gaps.SelectMany(Requirements)]),
            new(Label("standards"), [.. gaps.SelectMany(gap => library.Mims[gap.Mim.Id].Standards.Select(standard => OfMim(gap, standard)))]),
            new(Label("criteria"), [.. gaps.Zip(percents, (gap, percent) => OfMim(gap, $"{library.Mims[gap.Mim.Id].Criterion[language]} {Before("weight")}{percent} %"))]),
        };
        if (roadmap is { Actions.Count: > 0 })
        {
            parts.Add(new NeedsPart(Label("cost"), Cost(roadmap)));
        }

        parts.Add(new NeedsPart(Label("clauses"), [.. library.Clauses.Select(clause => new NeedsLine(clause.Texts[language], Label("every"), [$"clause:{clause.Id}"]))]));
        return new NeedsDocument(Label("title"), Label("intro"), language, [.. Facts(of)], [.. parts.Where(part => part.Lines.Count > 0)]);
    }

    /// <summary>Whole percents that are 100 together (largest remainder, Hamilton).</summary>
    public static IReadOnlyList<int> Percents(IReadOnlyList<int> weights)
    {
        var sum = weights.Sum();
        var percents = weights.Select(weight => 100 * weight / sum).ToArray();
        foreach (var index in Enumerable.Range(0, weights.Count).OrderByDescending(index => 100 * weights[index] % sum).Take(weights.Count == 0 ? 0 : 100 - percents.Sum()))
        {
            percents[index]++;
        }

        return percents;
    }

    private IEnumerable<NeedsFact> Facts(NeedsOf of)
    {
        yield return new(Label("city"), of.City);
        yield return new(Label("assessment"), $"{questionnaire.Texts.Find(questions, "title")} ({questionnaire.Structure.Id})");
        yield return new(Label("submitted"), of.SubmittedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        yield return new(Label("score"), $"{EuLanguage.Find(language)!.Write(score.Overall, 1)} / 100, {Label("level", score.Level, questionnaire.Structure.Levels.Count, questionnaire.Texts.Find(questions, $"level/{score.Level}"))}");
        if (roadmap is { Actions.Count: > 0 })
        {
            yield return new(Label("roadmap"), Label("roadmap-facts", roadmap.Actions.Count, roadmap.Months));
        }
    }

    /// <summary>The requirements of a mechanism that something is missing of: those that answers name, else all of them.</summary>
    private IEnumerable<NeedsLine> Requirements(Gap gap)
    {
        var named = gap.Lost.Where(lost => lost.Requirement != gap.Mim.Id).Select(lost => lost.Requirement).ToHashSet();
        foreach (var requirement in gap.Mim.Requirements.Where(requirement => named.Count == 0 || named.Contains(requirement.Id)))
        {
            var lost = gap.Lost.Where(one => one.Requirement == requirement.Id || one.Requirement == gap.Mim.Id).ToArray();
            var because = lost.Select(one => Label("answer", questionnaire.Texts.Find(questions, one.Question))).Distinct()
                .Concat(gap.Actions.Select(action => Label("action", action.Title)));
            yield return new NeedsLine(
                $"{Before(lost.Any(one => one.Value < 50) ? "must" : "should")}{requirement.Texts[language]} ({requirement.Id})", string.Join("; ", because),
                [$"mim:{requirement.Id}", .. Sources(lost, gap.Actions)]);
        }
    }

    private NeedsLine OfMim(Gap gap, string text) => new(text, $"{gap.Mim.Id} {gap.Mim.Names[language]}", [$"mim:{gap.Mim.Id}", .. Sources(gap.Lost, gap.Actions)]);

    private NeedsLine[] Cost(Roadmap roadmap)
    {
        var writing = EuLanguage.Find(language)!;
        var (from, to) = (roadmap.Cost[0], roadmap.Cost[1]);
        string[] sources = [.. Sources([], roadmap.Actions)];
        var origin = string.Join("; ", roadmap.Actions.Select(action => Label("action", action.Title)));
        NeedsLine Line(string label, double least, double greatest) => new($"{Before(label)}{writing.Write(least)} – {writing.Write(greatest)} €", origin, sources);
        return
        [
            Line("purchase", from, to),
            Line("operation", 0.15 * Years * from, 0.2 * Years * to),
            Line("exit", 0.1 * from, 0.1 * to),
            Line("total", from * (1.1 + (0.15 * Years)), to * (1.1 + (0.2 * Years))),
        ];
    }

    /// <summary>The mechanisms that something is missing of: by answers that lost points, and by actions of the roadmap.</summary>
    private IReadOnlyList<Gap> Gaps()
    {
        var lost = score.Details!.SelectMany(dimension => dimension.Indicators).SelectMany(indicator => indicator.Questions).Where(question => question is { Lost: > 0, Value: not null })
            .SelectMany(question => (questionnaire.Structure.Find(question.Id)!.Mims ?? []).Select(requirement => new Lost(requirement, question.Id, question.Value!.Value))).ToArray();
        return [.. MimCatalogue.Plus5.Mims
            .Select(mim => new Gap(mim, [.. lost.Where(one => one.Requirement.Split('-')[0] == mim.Id)], [.. (roadmap?.Actions ?? []).Where(action => action.Mims.Contains(mim.Id))]))
            .Where(gap => gap.Lost.Count + gap.Actions.Count > 0)];
    }

    private static IEnumerable<string> Sources(IEnumerable<Lost> lost, IEnumerable<RoadmapAction> actions) =>
        lost.Select(one => $"question:{one.Question}").Distinct().Concat(actions.Select(action => $"action:{action.Id}"));

    private string Before(string key) => library.Before(key, language);

    private string Label(string key, params ReadOnlySpan<object?> values) => library.Label(key, language, values);

    /// <summary>An answer that lost points on a requirement, or on a mechanism as a whole.</summary>
    private sealed record Lost(string Requirement, string Question, double Value);

    /// <summary>A mechanism that something is missing of.</summary>
    private sealed record Gap(Mim Mim, IReadOnlyList<Lost> Lost, IReadOnlyList<RoadmapAction> Actions);
}
