namespace LivingCity.Twin.Models.Contract;

/// <summary>What a model says of itself: enough to call it, to show its result and to register it as an algorithm.</summary>
/// <param name="Id">Stable name, lower case with hyphens.</param>
/// <param name="Version">Semantic version; it changes whenever a result can.</param>
/// <param name="Title">Name shown to people, English.</param>
/// <param name="Summary">What the model computes, in one or two sentences.</param>
/// <param name="Methods">Equations and algorithms with their sources.</param>
/// <param name="Limitations">What the model leaves out and where it must not be trusted; shown beside every result.</param>
/// <param name="Inputs">Data that a run reads.</param>
/// <param name="Outputs">Data that a run gives.</param>
/// <param name="Parameters">Settings with defaults and their sources.</param>
public sealed record ModelDescription(
    string Id,
    string Version,
    string Title,
    string Summary,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string> Limitations,
    IReadOnlyList<InputDescription> Inputs,
    IReadOnlyList<OutputDescription> Outputs,
    IReadOnlyList<ParameterDescription> Parameters);

/// <summary>Kind of value that an input, a parameter or an output holds.</summary>
public enum ValueKind
{
    Number,
    Text,
    Grid,
    Features,
    Series,
    Table,
}

/// <summary>One input.</summary>
/// <param name="Name">Name under which the value is given.</param>
/// <param name="Kind">Kind of value.</param>
/// <param name="Unit">SI or named unit; "1" for pure numbers, empty where the description names the units of several fields.</param>
/// <param name="Meaning">What it is, and which fields or columns it must have.</param>
/// <param name="Required">Whether a run is refused without it.</param>
/// <param name="Minimum">Least value allowed, inclusive; applies to numbers and to every cell of a grid.</param>
/// <param name="Maximum">Greatest value allowed, inclusive.</param>
/// <param name="Crs">Coordinate reference system asked for; null where any projected one in metres will do or none applies.</param>
/// <param name="Time">Time reference of a series; null where none applies.</param>
public sealed record InputDescription(
    string Name,
    ValueKind Kind,
    string Unit,
    string Meaning,
    bool Required = true,
    double? Minimum = null,
    double? Maximum = null,
    string? Crs = null,
    string? Time = null);

/// <summary>One output.</summary>
/// <param name="Name">Name under which the value is found in the result.</param>
/// <param name="Kind">Kind of value.</param>
/// <param name="Unit">SI or named unit.</param>
/// <param name="Meaning">What it is.</param>
public sealed record OutputDescription(string Name, ValueKind Kind, string Unit, string Meaning);

/// <summary>One setting.</summary>
/// <param name="Name">Name under which the value is given.</param>
/// <param name="Default">Value used where none is given; its kind is the kind asked for.</param>
/// <param name="Unit">SI or named unit; "1" for pure numbers.</param>
/// <param name="Meaning">What it changes.</param>
/// <param name="Source">Where the default comes from.</param>
/// <param name="Minimum">Least number allowed, inclusive.</param>
/// <param name="Maximum">Greatest number allowed, inclusive.</param>
/// <param name="Choices">Texts allowed; null where any text or number will do.</param>
public sealed record ParameterDescription(
    string Name,
    ModelValue Default,
    string Unit,
    string Meaning,
    string Source,
    double? Minimum = null,
    double? Maximum = null,
    IReadOnlyList<string>? Choices = null);
