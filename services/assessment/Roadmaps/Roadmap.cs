using LivingCity.Assessment.Questionnaires;
using LivingCity.Assessment.Scoring;

namespace LivingCity.Assessment.Roadmaps;

/// <summary>What a roadmap is to be.</summary>
/// <param name="Budget">Euro in all.</param>
/// <param name="People">How many people work on it at the same time.</param>
/// <param name="Months">How long it may take: people × months is the capacity.</param>
/// <param name="Goal"><c>best</c> within the limits, or <c>nextLevel</c>: the fewest actions that reach the next level, whatever they cost.</param>
/// <param name="Done">Actions that are finished.</param>
/// <param name="Without">Actions that the city does not want.</param>
internal sealed record RoadmapRequest(double Budget, double People, int Months, Goal Goal = Goal.Best, IReadOnlyList<string>? Done = null, IReadOnlyList<string>? Without = null);

/// <summary>What a roadmap aims at.</summary>
internal enum Goal
{
    Best,
    NextLevel,
}

/// <summary>An ordered choice of actions.</summary>
/// <param name="Library">The version of the actions.</param>
/// <param name="Goal">What it aims at.</param>
/// <param name="From">The score now.</param>
/// <param name="To">The score with all actions.</param>
/// <param name="Level">The level now.</param>
/// <param name="LevelThen">The level with all actions.</param>
/// <param name="Cost">Least and greatest cost in euro.</param>
/// <param name="Effort">Person-months.</param>
/// <param name="Months">Months until the last action ends.</param>
/// <param name="Reached">False where the goal is out of reach of all actions together.</param>
/// <param name="Actions">The actions, the first to begin first.</param>
/// <param name="Language">The language of the titles; null in roadmaps from before it was noted.</param>
internal sealed record Roadmap(
    string Library, Goal Goal, double From, double To, int Level, int LevelThen, IReadOnlyList<double> Cost, double Effort, int Months, bool Reached, IReadOnlyList<RoadmapAction> Actions,
    string? Language = null)
{
    /// <summary>The same with titles in another language, as far as its library is still there.</summary>
    public Roadmap In(string language) => ActionLibrary.OfVersion(Library) is { } library
        ? this with { Language = language, Actions = [.. Actions.Select(action => action with { Title = library.Find(action.Id)?.Titles.GetValueOrDefault(language) ?? action.Title })] }
        : this;
}

/// <summary>An action of a roadmap.</summary>
/// <param name="Id">The action.</param>
/// <param name="Title">Its title.</param>
/// <param name="Start">First month, from 0.</param>
/// <param name="End">First month after it.</param>
/// <param name="Effort">Person-months.</param>
/// <param name="Cost">Least and greatest cost in euro.</param>
/// <param name="After">Actions of the roadmap that end before it begins.</param>
/// <param name="Mims">The MIMs that it brings nearer.</param>
/// <param name="Examples">Cities that did it.</param>
/// <param name="Traces">Why it is there.</param>
internal sealed record RoadmapAction(
    string Id, string Title, int Start, int End, double Effort, IReadOnlyList<double> Cost, IReadOnlyList<string> After, IReadOnlyList<string> Mims, IReadOnlyList<CityExample> Examples, IReadOnlyList<Trace> Traces);

/// <summary>Why an action is there.</summary>
/// <param name="Indicator">The indicator that it helps; null where another action needs it.</param>
/// <param name="Points">What it adds to the overall score by itself.</param>
/// <param name="Questions">The questions whose answers lost points there.</param>
/// <param name="NeededBy">The action that needs it.</param>
internal sealed record Trace(string? Indicator, double Points, IReadOnlyList<string> Questions, string? NeededBy);

/// <summary>Makes roadmaps from scores. Pure.</summary>
internal static class RoadmapMaker
{
    public static Roadmap Make(Questionnaire questionnaire, Score score, ActionLibrary library, RoadmapRequest request, string language)
    {
        var done = request.Done ?? [];
        var barred = Barred(library, request.Without ?? []);
        var actions = library.Actions.Where(action => !done.Contains(action.Id) && !barred.Contains(action.Id)).ToArray();
        var position = actions.Select((action, index) => (action.Id, index)).ToDictionary(one => one.Id, one => one.index);
        var choices = actions.Select(action => new Choice(action.Cost[1], action.Effort, [.. action.Prerequisites.Where(position.ContainsKey).Select(id => position[id])])).ToArray();
        var gains = Gains.Of(questionnaire, score, actions);
        var optimiser = new Optimiser(gains, choices);

        IReadOnlyList<int>? chosen;
        if (request.Goal == Goal.NextLevel)
        {
            var next = score.Level < questionnaire.Levels.Count ? questionnaire.Levels[score.Level] : score.Overall;
            chosen = optimiser.Smallest(next - score.Overall);
        }
        else
        {
            chosen = optimiser.Best(new Limits(request.Budget, request.People * request.Months));
        }

        var set = chosen ?? [];
        var slots = Schedule.Plan(set, choices, action => actions[action].Months, action => gains.Alone(action) / (1 + choices[action].Effort), request.People);
        var details = score.Details!.SelectMany(dimension => dimension.Indicators).ToArray();
        var to = Math.Min(100, score.Overall + gains.Together(set));
        // A sum that falls short of the cut-off by rounding alone has reached it.
        return new Roadmap(
            library.Id, request.Goal, score.Overall, to, score.Level, questionnaire.LevelOf(to + 1e-9), [set.Sum(action => actions[action].Cost[0]), set.Sum(action => actions[action].Cost[1])],
            set.Sum(action => actions[action].Effort), slots.Select(slot => slot.End).DefaultIfEmpty(0).Max(), chosen is not null,
            [.. slots.Select(slot =>
            {
                var action = actions[slot.Action];
                return new RoadmapAction(
                    action.Id, action.Titles.GetValueOrDefault(language) ?? action.Titles["en"], slot.Start, slot.End, action.Effort, action.Cost, [.. choices[slot.Action].Needs.Where(set.Contains).Select(need => actions[need].Id)],
                    action.Mims, action.Examples,
                    [
                        .. gains.Traces(slot.Action).Select(trace => new Trace(details[trace.Indicator].Id, trace.Points, [.. details[trace.Indicator].Questions.Where(question => question.Lost > 0).Select(question => question.Id)], null)),
                        .. set.Where(other => choices[other].Needs.Contains(slot.Action)).Select(other => new Trace(null, 0, [], actions[other].Id)),
                    ]);
            })], language);
    }

    /// <summary>What is not wanted, and all that would need it.</summary>
    private static HashSet<string> Barred(ActionLibrary library, IReadOnlyList<string> without)
    {
        var barred = without.ToHashSet();
        while (library.Actions.FirstOrDefault(action => !barred.Contains(action.Id) && action.Prerequisites.Any(barred.Contains)) is { } more)
        {
            barred.Add(more.Id);
        }

        return barred;
    }
}
