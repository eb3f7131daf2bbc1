using System.Numerics;

namespace LivingCity.Assessment.Benchmark;

/// <summary>A group of cities.</summary>
/// <param name="Grouping">By what it is formed.</param>
/// <param name="Cell">Which one.</param>
/// <param name="Entries">Positions of its submissions among those tabulated.</param>
internal sealed record Cell(Grouping Grouping, string Name, IReadOnlyList<int> Entries)
{
    /// <summary>Why nothing is shown of it, or null.</summary>
    public Suppression? Suppressed { get; set; }
}

/// <summary>Why nothing is shown of a group.</summary>
internal enum Suppression
{
    /// <summary>It has fewer than five cities.</summary>
    Small,

    /// <summary>A smaller group could be computed from it and others that are shown.</summary>
    Complementary,
}

/// <summary>
/// Forms groups and keeps back what would tell on few cities. Three rules: a group of fewer than five is not shown; where groups add up to one that is shown, what is kept back is at least two
/// groups with five cities together (complementary suppression); and no shown group lies in another that has one to four cities more. Pure.
/// </summary>
internal static class Tabulation
{
    /// <summary>The least number of cities of which anything is shown.</summary>
    public const int Least = 5;

    /// <summary>The groups of the submissions: each city with its latest, and for years each city with the latest of each year.</summary>
    public static IReadOnlyList<Cell> Cells(IReadOnlyList<Entry> entries)
    {
        var latest = Latest(entries, entry => entry.City);
        var ofYears = Latest(entries, entry => (entry.City, entry.Year));
        var cells = Enum.GetValues<Grouping>().SelectMany(grouping => (grouping == Grouping.Year ? ofYears : latest)
            .GroupBy(index => entries[index].CellOf(grouping)).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new Cell(grouping, group.Key, [.. group]))).ToArray();
        Suppress(cells, entries);
        return cells;
    }

    private static int[] Latest<TKey>(IReadOnlyList<Entry> entries, Func<Entry, TKey> key)
        where TKey : notnull
    {
        var newest = new Dictionary<TKey, int>(entries.Count);
        for (var index = 0; index < entries.Count; index++)
        {
            if (!newest.TryGetValue(key(entries[index]), out var known) || entries[known].Number < entries[index].Number)
            {
                newest[key(entries[index])] = index;
            }
        }

        return [.. newest.Values.Order()];
    }

    private static void Suppress(IReadOnlyList<Cell> cells, IReadOnlyList<Entry> entries)
    {
        foreach (var cell in cells.Where(cell => cell.Entries.Count < Least))
        {
            cell.Suppressed = Suppression.Small;
        }

        // A finding of one rule can call for another, so they go round until nothing is left to keep back.
        int before;
        do
        {
            before = cells.Count(cell => cell.Suppressed is null);
            foreach (var grouping in (Grouping[])[Grouping.Population, Grouping.Country, Grouping.Maturity, Grouping.Network])
            {
                Complement([.. cells.Where(cell => cell.Grouping == grouping)]);
            }

            foreach (var country in cells.Where(cell => cell.Grouping == Grouping.Country))
            {
                var regions = cells.Where(cell => cell.Grouping == Grouping.Region && (entries[cell.Entries[0]].Country ?? Entry.Unknown) == country.Name).ToArray();
                if (country.Suppressed is not null)
                {
                    foreach (var region in regions.Where(region => region.Suppressed is null))
                    {
                        region.Suppressed = Suppression.Complementary;
                    }
                }
                else
                {
                    Complement(regions);
                }
            }

            SeparateNested(cells, entries.Count);
        }
        while (cells.Count(cell => cell.Suppressed is null) < before);
    }

    /// <summary>Of parts whose whole is shown, what is kept back is nothing, or at least two parts with five cities together.</summary>
    private static void Complement(Cell[] parts)
    {
        while (parts.Where(part => part.Suppressed is not null).ToArray() is { Length: > 0 } hidden && (hidden.Length < 2 || hidden.Sum(part => part.Entries.Count) < Least)
            && parts.Where(part => part.Suppressed is null).MinBy(part => part.Entries.Count) is { } next)
        {
            next.Suppressed = Suppression.Complementary;
        }
    }

    /// <summary>Of two shown groups of which one holds the other and one to four cities more, the smaller is kept back.</summary>
    private static void SeparateNested(IReadOnlyList<Cell> cells, int entries)
    {
        var shown = cells.Where(cell => cell.Suppressed is null).OrderBy(cell => cell.Entries.Count).Select(cell => (cell, bits: Bits(cell.Entries, entries))).ToArray();
        for (var inner = 0; inner < shown.Length; inner++)
        {
            for (var outer = inner + 1; outer < shown.Length; outer++)
            {
                var more = shown[outer].cell.Entries.Count - shown[inner].cell.Entries.Count;
                if (more is > 0 and < Least && Common(shown[inner].bits, shown[outer].bits) == shown[inner].cell.Entries.Count)
                {
                    shown[inner].cell.Suppressed = Suppression.Complementary;
                    break;
                }
            }
        }
    }

    private static ulong[] Bits(IReadOnlyList<int> members, int entries)
    {
        var bits = new ulong[(entries + 63) / 64];
        foreach (var member in members)
        {
            bits[member / 64] |= 1UL << (member % 64);
        }

        return bits;
    }

    private static int Common(ulong[] one, ulong[] other)
    {
        var common = 0;
        for (var word = 0; word < one.Length; word++)
        {
            common += BitOperations.PopCount(one[word] & other[word]);
        }

        return common;
    }
}
