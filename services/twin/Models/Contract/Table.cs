namespace LivingCity.Twin.Models.Contract;

/// <summary>One column of a table.</summary>
/// <param name="Name">Name, unique in its table.</param>
/// <param name="Unit">SI or named unit; empty for texts.</param>
public sealed record TableColumn(string Name, string Unit = "");

/// <summary>Rows of numbers and texts under named columns; a cell is a <see cref="double"/>, a <see cref="string"/> or null where there is no value.</summary>
public sealed record Table(IReadOnlyList<TableColumn> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>Position of a column, or −1.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i].Name, column, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Number in a cell; NaN where the cell is empty or holds a text.</summary>
    public double Number(int row, string column) => IndexOf(column) is >= 0 and var c && Rows[row][c] is double value ? value : double.NaN;

    /// <summary>Text in a cell; null where the column is missing or the cell is empty.</summary>
    public string? Text(int row, string column) => IndexOf(column) is >= 0 and var c
        ? Rows[row][c] switch
        {
            string text => text,
            double number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
            _ => null,
        }
        : null;
}

/// <summary>
/// Values over time: one array for each name, all as long as <paramref name="Seconds"/>, which rises strictly and counts from <paramref name="Start"/>
/// where the series has a calendar time, else from the start of the run. NaN where there is no value.
/// </summary>
public sealed record TimeSeries(IReadOnlyList<double> Seconds, IReadOnlyDictionary<string, IReadOnlyList<double>> Values, DateTimeOffset? Start = null)
{
    /// <summary>Value at a time by linear interpolation; held constant before the first and after the last.</summary>
    public double At(string name, double seconds)
    {
        var values = Values[name];
        if (seconds <= Seconds[0])
        {
            return values[0];
        }

        int low = 0, high = Seconds.Count - 1;
        if (seconds >= Seconds[high])
        {
            return values[high];
        }

        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = Seconds[middle] <= seconds ? (middle, high) : (low, middle);
        }

        return values[low] + (values[high] - values[low]) * (seconds - Seconds[low]) / (Seconds[high] - Seconds[low]);
    }
}
