namespace LivingCity.Assessment.Benchmark;

/// <summary>
/// Decides which new submissions count in a release. From two releases nobody may compute what few cities brought: in every group, shown or not, in which anything changes, at least five cities
/// change. Those that would be fewer wait for the next release. Pure.
/// </summary>
internal static class Admission
{
    /// <returns>All submissions that count now: those of before, and the new ones that are let in.</returns>
    public static IReadOnlyList<Entry> Admit(IReadOnlyList<Entry> entries)
    {
        var waiting = entries.Where(entry => !entry.Admitted).ToList();
        var before = entries.Where(entry => entry.Admitted).GroupBy(entry => entry.City).ToDictionary(group => group.Key, group => group.MaxBy(entry => entry.Number)!);
        while (true)
        {
            var counted = entries.Where(entry => entry.Admitted).Concat(waiting).ToArray();
            var cells = Tabulation.Cells(counted);
            var shown = cells.Where(cell => cell.Suppressed is null).Select(cell => (cell.Grouping, cell.Name)).ToHashSet();
            // What is kept back of a whole is one group more: who subtracts the shown parts from the whole sees it. Years are no parts of a whole, regions are parts of their country.
            string? Visible(Entry entry, Grouping grouping) => shown.Contains((grouping, entry.CellOf(grouping))) ? entry.CellOf(grouping)
                : grouping switch { Grouping.Year => null, Grouping.Region => $"rest of {Visible(entry, Grouping.Country)}", _ => "rest" };
            var changed = new Dictionary<(Grouping, string), HashSet<string>>();
            foreach (var entry in waiting)
            {
                foreach (var grouping in Enum.GetValues<Grouping>())
                {
                    Note(grouping, Visible(entry, grouping), entry.City);
                    if (grouping != Grouping.Year && before.TryGetValue(entry.City, out var old))
                    {
                        Note(grouping, Visible(old, grouping), entry.City);
                    }
                }
            }

            var few = changed.Where(change => change.Value.Count < Tabulation.Least).SelectMany(change => change.Value).ToHashSet();
            if (few.Count == 0)
            {
                return counted;
            }

            waiting.RemoveAll(entry => few.Contains(entry.City));

            void Note(Grouping grouping, string? cell, string city)
            {
                if (cell is null)
                {
                    return;
                }

                if (!changed.TryGetValue((grouping, cell), out var cities))
                {
                    changed[(grouping, cell)] = cities = [];
                }

                cities.Add(city);
            }
        }
    }
}
