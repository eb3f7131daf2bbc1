using System.Text.Json;
using LivingCity.Assessment.Mims;
using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Questionnaires.Languages;
using LivingCity.Assessment.Roadmaps;
using LivingCity.Assessment.Scoring;

namespace LivingCity.Assessment.Procurement;

/// <summary>What a city needs to buy, in words for a tender.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Introduction">What it is and is not.</param>
/// <param name="Language">Its language.</param>
/// <param name="Parts">Its parts.</param>
internal sealed record NeedsDocument(string Title, string Introduction, string Language, IReadOnlyList<NeedsPart> Parts);

/// <summary>A part with its lines.</summary>
internal sealed record NeedsPart(string Title, IReadOnlyList<NeedsLine> Lines);

/// <summary>A line.</summary>
/// <param name="Text">What is asked for.</param>
/// <param name="Origin">What it follows from, for people.</param>
/// <param name="Sources">What it follows from: <c>question:{id}</c>, <c>action:{id}</c>, <c>mim:{id}</c>, or <c>clause:{id}</c> for what belongs to every purchase.</param>
internal sealed record NeedsLine(string Text, string Origin, IReadOnlyList<string> Sources);

/// <summary>The blocks of text, as versioned data.</summary>
internal sealed record NeedsLibrary(
    string Id, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Labels, IReadOnlyDictionary<string, MimBlock> Mims, IReadOnlyList<ClauseBlock> Clauses)
{
    private static readonly Lazy<NeedsLibrary> Newest = new(() =>
    {
        using var stream = typeof(NeedsLibrary).Assembly.GetManifestResourceStream("procurement/needs-1")!;
        return JsonSerializer.Deserialize<NeedsLibrary>(stream, QuestionnaireCatalogue.Json)!;
    });

    public static NeedsLibrary Current => Newest.Value;

    public string Label(string key, string language) => Labels[key][language];
}

/// <summary>What belongs to a mechanism.</summary>
internal sealed record MimBlock(IReadOnlyList<string> Standards, IReadOnlyDictionary<string, string> Criterion);

/// <summary>A clause of every purchase.</summary>
internal sealed record ClauseBlock(string Id, IReadOnlyDictionary<string, string> Texts);

/// <summary>Writes the needs. Pure: a line without a source is not written.</summary>
internal static class NeedsMaker
{
    private const int Years = 5;

    /// <param name="questionnaire">What was answered, with its texts.</param>
    /// <param name="score">Its score.</param>
    /// <param name="roadmap">The roadmap, where there is one.</param>
    /// <param name="language">en, bg, es or fr.</param>
    public static NeedsDocument Make(Published questionnaire, Score score, Roadmap? roadmap, string language)
    {
        var library = NeedsLibrary.Current;
        string Label(string key) => library.Label(key, language);
        var gaps = Gaps(questionnaire, score, roadmap);
        var parts = new List<NeedsPart>
        {
            new(Label("requirements"), [.. gaps.SelectMany(gap => MimCatalogue.Plus5.Find(gap.Mim)!.Requirements
                .Where(requirement => gap.Requirements.Count == 0 || gap.Requirements.Contains(requirement.Id))
                .Select(requirement => new NeedsLine($"{Label(gap.Must ? "must" : "should")}: {requirement.Texts[language]} ({requirement.Id})", gap.Origin(questionnaire, roadmap, language, Label), [$"mim:{requirement.Id}", .. gap.Sources])))]),
            new(Label("standards"), [.. gaps.SelectMany(gap => library.Mims[gap.Mim].Standards.Select(standard => new NeedsLine(standard, $"{gap.Mim} {MimCatalogue.Plus5.Find(gap.Mim)!.Names[language]}", [$"mim:{gap.Mim}", .. gap.Sources])))]),
            new(Label("criteria"), [.. gaps.Select(gap => new NeedsLine(
                $"{library.Mims[gap.Mim].Criterion[language]} {Label("weight")}: {100 * gap.Weight / gaps.Sum(one => one.Weight)} %", $"{gap.Mim} {MimCatalogue.Plus5.Find(gap.Mim)!.Names[language]}", [$"mim:{gap.Mim}", .. gap.Sources]))]),
        };
        if (roadmap is { Actions.Count: > 0 })
        {
            parts.Add(new NeedsPart(Label("cost"), Cost(roadmap, language, Label)));
        }

        parts.Add(new NeedsPart(Label("clauses"), [.. library.Clauses.Select(clause => new NeedsLine(clause.Texts[language], Label("every"), [$"clause:{clause.Id}"]))]));
        return new NeedsDocument(Label("title"), Label("intro"), language, [.. parts.Where(part => part.Lines.Count > 0)]);
    }

    /// <summary>The mechanisms that something is missing of: by answers that lost points, and by actions of the roadmap.</summary>
    private static List<Gap> Gaps(Published questionnaire, Score score, Roadmap? roadmap)
    {
        var lost = score.Details!.SelectMany(dimension => dimension.Indicators).SelectMany(indicator => indicator.Questions).Where(question => question is { Lost: > 0, Value: not null })
            .SelectMany(question => Mims(questionnaire.Structure, question.Id).Select(mim => (Mim: mim.Split('-')[0], Requirement: mim, Question: question))).ToArray();
        return [.. MimCatalogue.Plus5.Mims.Select(mim =>
        {
            var questions = lost.Where(one => one.Mim == mim.Id).ToArray();
            var actions = (roadmap?.Actions ?? []).Where(action => action.Mims.Contains(mim.Id)).Select(action => action.Id).ToArray();
            return new Gap(
                mim.Id, [.. questions.Select(one => one.Requirement).Where(requirement => requirement.Contains('-', StringComparison.Ordinal)).Distinct()], [.. questions.Select(one => one.Question.Id).Distinct()], actions,
                questions.Any(one => one.Question.Value < 50), 1 + questions.Length + actions.Length);
        }).Where(gap => gap.Questions.Count + gap.Actions.Count > 0)];
    }

    /// <summary>What a question bears on. The questions of the readiness questionnaire are the requirements themselves.</summary>
    private static IEnumerable<string> Mims(Questionnaire questionnaire, string question)
    {
        var mims = questionnaire.Find(question)!.Mims ?? [];
        return question.StartsWith("mim", StringComparison.Ordinal) && mims.Count == 1 ? [question.ToUpperInvariant().Replace('.', '-')] : mims;
    }

    private static NeedsLine[] Cost(Roadmap roadmap, string language, Func<string, string> label)
    {
        var writing = EuLanguage.Find(language)!;
        string Range(double least, double greatest) => $"{writing.Write(least)} – {writing.Write(greatest)} €";
        var (from, to) = (roadmap.Cost[0], roadmap.Cost[1]);
        string[] sources = [.. roadmap.Actions.Select(action => $"action:{action.Id}")];
        var origin = $"{label("action")}: {string.Join(", ", roadmap.Actions.Select(action => action.Title))}";
        return
        [
            new($"{label("purchase")}: {Range(from, to)}", origin, sources),
            new($"{label("operation")}: {Range(0.15 * Years * from, 0.2 * Years * to)}", origin, sources),
            new($"{label("exit")}: {Range(0.1 * from, 0.1 * to)}", origin, sources),
            new($"{label("total")}: {Range(from * (1.1 + (0.15 * Years)), to * (1.1 + (0.2 * Years)))}", origin, sources),
        ];
    }

    private sealed record Gap(string Mim, IReadOnlyList<string> Requirements, IReadOnlyList<string> Questions, IReadOnlyList<string> Actions, bool Must, int Weight)
    {
        public IEnumerable<string> Sources => Questions.Select(question => $"question:{question}").Concat(Actions.Select(action => $"action:{action}"));

        public string Origin(Published questionnaire, Roadmap? roadmap, string language, Func<string, string> label) => string.Join("; ",
            Questions.Select(question => $"{label("answer")}: {questionnaire.Texts.Find(questionnaire.Texts.Choose([language]), question)}")
                .Concat(Actions.Select(action => $"{label("action")}: {roadmap!.Actions.First(one => one.Id == action).Title}")));
    }
}
