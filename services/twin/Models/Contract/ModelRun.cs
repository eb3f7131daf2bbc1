using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Contract;

/// <summary>One run while it goes: typed access to what came in, and a place for what goes out.</summary>
public sealed class ModelRun(ModelDescription description, ModelRequest request, IProgress<double>? progress, CancellationToken cancellationToken)
{
    /// <summary>Ends the run.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Outputs so far.</summary>
    public Dictionary<string, ModelValue> Outputs { get; } = [];

    /// <summary>Measures of trust so far.</summary>
    public List<QualityMeasure> Quality { get; } = [];

    /// <summary>Random numbers of this run.</summary>
    public Random Random { get; } = new(request.Seed);

    /// <summary>Whether an optional input was given.</summary>
    public bool Has(string input) => request.Inputs.ContainsKey(input);

    /// <summary>A grid, or null where it was not given.</summary>
    public Raster? Grid(string input) => Find<GridValue>(input)?.Value;

    /// <summary>Features, or null where they were not given.</summary>
    public FeatureCollection? Features(string input) => Find<FeaturesValue>(input)?.Value;

    /// <summary>A time series, or null where it was not given.</summary>
    public TimeSeries? Series(string input) => Find<SeriesValue>(input)?.Value;

    /// <summary>A table, or null where it was not given.</summary>
    public Table? Table(string input) => Find<TableValue>(input)?.Value;

    /// <summary>A text, or null where it was not given.</summary>
    public string? Text(string input) => Find<TextValue>(input)?.Value;

    /// <summary>A numeric parameter, its default where none was given.</summary>
    public double Number(string parameter) => ((NumberValue)Parameter(parameter)).Value;

    /// <summary>A chosen text parameter, its default where none was given.</summary>
    public string Choice(string parameter) => ((TextValue)Parameter(parameter)).Value;

    /// <summary>Every parameter as used.</summary>
    public IReadOnlyDictionary<string, ModelValue> AllParameters() => description.Parameters.ToDictionary(p => p.Name, p => Parameter(p.Name));

    /// <summary>Tells the share done and ends the run where that is asked.</summary>
    public void Report(double share)
    {
        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report(Math.Clamp(share, 0, 1));
    }

    private T? Find<T>(string input)
        where T : ModelValue => request.Inputs.TryGetValue(input, out var value) ? (T)value : null;

    private ModelValue Parameter(string name) =>
        request.Parameters is not null && request.Parameters.TryGetValue(name, out var value) ? value : description.Parameters.First(p => p.Name == name).Default;
}
