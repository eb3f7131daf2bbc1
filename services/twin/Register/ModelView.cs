using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Register;

/// <summary>A model as others see it.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Version">Semantic version; it changes whenever a result can.</param>
/// <param name="Title">Name for people.</param>
/// <param name="Summary">What it computes.</param>
/// <param name="Methods">Equations and algorithms with their sources.</param>
/// <param name="Limitations">Where it must not be trusted.</param>
/// <param name="Inputs">Data that a run reads.</param>
/// <param name="Outputs">Data that a run gives.</param>
/// <param name="Parameters">Settings with defaults and their sources.</param>
/// <param name="Verification">The published cases that it is checked against.</param>
internal sealed record ModelView(
    string Id, string Version, string Title, string Summary, IReadOnlyList<string> Methods, IReadOnlyList<string> Limitations,
    IReadOnlyList<InputDescription> Inputs, IReadOnlyList<OutputDescription> Outputs, IReadOnlyList<ParameterView> Parameters, IReadOnlyList<CaseView> Verification)
{
    public static ModelView Of(IModel model) => new(
        model.Description.Id, model.Description.Version, model.Description.Title, model.Description.Summary, model.Description.Methods, model.Description.Limitations,
        model.Description.Inputs, model.Description.Outputs, [.. model.Description.Parameters.Select(ParameterView.Of)],
        [.. model.Verification.Select(item => new CaseView(item.Id, item.Title, item.Source, item.DataFile is not null))]);
}

/// <summary>One setting of a model.</summary>
/// <param name="Name">Name under which the value is given.</param>
/// <param name="Default">The value used where none is given: a number or a text.</param>
/// <param name="Unit">SI or named unit.</param>
/// <param name="Meaning">What it changes.</param>
/// <param name="Source">Where the default comes from.</param>
/// <param name="Minimum">Least number allowed.</param>
/// <param name="Maximum">Greatest number allowed.</param>
/// <param name="Choices">Texts allowed.</param>
internal sealed record ParameterView(string Name, object? Default, string Unit, string Meaning, string Source, double? Minimum, double? Maximum, IReadOnlyList<string>? Choices)
{
    public static ParameterView Of(ParameterDescription parameter) => new(
        parameter.Name, parameter.Default switch { NumberValue number => number.Value, TextValue text => text.Value, _ => null },
        parameter.Unit, parameter.Meaning, parameter.Source, parameter.Minimum, parameter.Maximum, parameter.Choices);
}

/// <summary>A published case.</summary>
/// <param name="Id">Stable name inside its model.</param>
/// <param name="Title">What is checked.</param>
/// <param name="Source">Where the published figures come from.</param>
/// <param name="NeedsData">Whether it reads a published data set.</param>
internal sealed record CaseView(string Id, string Title, string Source, bool NeedsData);
