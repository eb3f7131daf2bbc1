using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Contract;

/// <summary>A typed value that goes into or comes out of a model.</summary>
public abstract record ModelValue
{
    /// <summary>Kind of this value.</summary>
    public abstract ValueKind Kind { get; }

    /// <summary>Wraps a number.</summary>
    public static implicit operator ModelValue(double value) => new NumberValue(value);

    /// <summary>Wraps a text.</summary>
    public static implicit operator ModelValue(string value) => new TextValue(value);

    /// <summary>Wraps a grid.</summary>
    public static implicit operator ModelValue(Raster value) => new GridValue(value);

    /// <summary>Wraps a time series.</summary>
    public static implicit operator ModelValue(TimeSeries value) => new SeriesValue(value);

    /// <summary>Wraps features.</summary>
    public static implicit operator ModelValue(FeatureCollection value) => new FeaturesValue(value);

    /// <summary>Wraps a table.</summary>
    public static implicit operator ModelValue(Table value) => new TableValue(value);

    /// <summary>The number, text, grid, … inside.</summary>
    public object Unwrap() => this switch
    {
        NumberValue v => v.Value,
        TextValue v => v.Value,
        GridValue v => v.Value,
        SeriesValue v => v.Value,
        FeaturesValue v => v.Value,
        TableValue v => v.Value,
        _ => throw new InvalidOperationException($"{GetType().Name} holds nothing."),
    };
}

/// <summary>A number.</summary>
public sealed record NumberValue(double Value) : ModelValue
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Number;
}

/// <summary>A text: a choice, or a file in a text format that the input's description names.</summary>
public sealed record TextValue(string Value) : ModelValue
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Text;
}

/// <summary>A raster.</summary>
public sealed record GridValue(Raster Value) : ModelValue
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Grid;
}

/// <summary>Geographic features.</summary>
public sealed record FeaturesValue(FeatureCollection Value) : ModelValue
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Features;
}

/// <summary>Values over time.</summary>
public sealed record SeriesValue(TimeSeries Value) : ModelValue
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Series;
}

/// <summary>Rows and columns.</summary>
public sealed record TableValue(Table Value) : ModelValue
{
    /// <inheritdoc/>
    public override ValueKind Kind => ValueKind.Table;
}
