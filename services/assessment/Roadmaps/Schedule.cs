namespace LivingCity.Assessment.Roadmaps;

/// <summary>When an action runs, in months from the start of the roadmap, the first being 0.</summary>
/// <param name="Action">Its position.</param>
/// <param name="Start">First month.</param>
/// <param name="End">First month after it.</param>
internal sealed record Slot(int Action, int Start, int End);

/// <summary>
/// Puts actions on a time line: none begins before its prerequisites have ended, and in no month do they need more people than there are (serial schedule generation, Kelley 1963). Those that add
/// most for their effort come first. An action that needs more people than there are takes longer instead.
/// </summary>
internal static class Schedule
{
    /// <param name="chosen">The actions.</param>
    /// <param name="choices">Effort and prerequisites.</param>
    /// <param name="months">The duration of each, where enough people are there.</param>
    /// <param name="priority">The greater, the sooner.</param>
    /// <param name="people">How many people work at the same time, above 0.</param>
    public static IReadOnlyList<Slot> Plan(IReadOnlyList<int> chosen, IReadOnlyList<Choice> choices, Func<int, int> months, Func<int, double> priority, double people)
    {
        var slots = new Dictionary<int, Slot>();
        var used = new List<double>();
        while (slots.Count < chosen.Count)
        {
            var action = chosen.Where(one => !slots.ContainsKey(one) && choices[one].Needs.All(need => !chosen.Contains(need) || slots.ContainsKey(need))).MaxBy(priority);
            var length = Math.Max(months(action), (int)Math.Ceiling(choices[action].Effort / people));
            var load = choices[action].Effort / length;
            var start = choices[action].Needs.Where(chosen.Contains).Select(need => slots[need].End).DefaultIfEmpty(0).Max();
            while (Enumerable.Range(start, length).Any(month => month < used.Count && used[month] + load > people + 1e-9))
            {
                start++;
            }

            while (used.Count < start + length)
            {
                used.Add(0);
            }

            for (var month = start; month < start + length; month++)
            {
                used[month] += load;
            }

            slots[action] = new Slot(action, start, start + length);
        }

        return [.. slots.Values.OrderBy(slot => slot.Start).ThenBy(slot => slot.Action)];
    }
}
