namespace LivingCity.Twin.Models.Contract;

/// <summary>A simulation model: a deterministic function from described inputs to described outputs. Implementations are stateless and thread safe.</summary>
public interface IModel
{
    /// <summary>What the model is, reads and gives.</summary>
    ModelDescription Description { get; }

    /// <summary>The published cases that the model is verified by.</summary>
    IReadOnlyList<VerificationCase> Verification { get; }

    /// <summary>All mistakes in the inputs and parameters at once; empty where a run may start.</summary>
    IReadOnlyList<InputMistake> Validate(ModelRequest request);

    /// <summary>Runs the model. The same request gives the same result, whatever the number of threads.</summary>
    /// <param name="request">Inputs, parameters and seed.</param>
    /// <param name="progress">Told the share done, 0…1.</param>
    /// <param name="cancellationToken">Ends the run within 100 ms.</param>
    /// <exception cref="ModelInputException">The request has mistakes.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    ModelResult Run(ModelRequest request, IProgress<double>? progress, CancellationToken cancellationToken);
}

/// <summary>What a run is given.</summary>
/// <param name="Inputs">Data by input name.</param>
/// <param name="Parameters">Settings by parameter name; those left out take their defaults.</param>
/// <param name="Seed">Seed of every random choice in the run.</param>
public sealed record ModelRequest(
    IReadOnlyDictionary<string, ModelValue> Inputs,
    IReadOnlyDictionary<string, ModelValue>? Parameters = null,
    int Seed = 0);

/// <summary>What a run gives.</summary>
/// <param name="ModelId">Model that ran.</param>
/// <param name="ModelVersion">Its version.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Parameters">Every setting as used, defaults included, so that the run can be repeated.</param>
/// <param name="Outputs">Data by output name.</param>
/// <param name="Quality">Measures of trust of this run, such as the mass error or the relative gap.</param>
public sealed record ModelResult(
    string ModelId,
    string ModelVersion,
    int Seed,
    IReadOnlyDictionary<string, ModelValue> Parameters,
    IReadOnlyDictionary<string, ModelValue> Outputs,
    IReadOnlyList<QualityMeasure> Quality);

/// <summary>One measure of trust.</summary>
/// <param name="Name">Name, lower case with hyphens.</param>
/// <param name="Value">Value measured.</param>
/// <param name="Unit">Unit, "1" for pure numbers.</param>
/// <param name="Meaning">How to read it.</param>
public sealed record QualityMeasure(string Name, double Value, string Unit, string Meaning);

/// <summary>One mistake in a request.</summary>
/// <param name="Field">Input or parameter it is about, with a place inside where known: <c>network:12</c>.</param>
/// <param name="Message">What is wrong and what would be right, English.</param>
public sealed record InputMistake(string Field, string Message);

/// <summary>A request that cannot be run, with everything that is wrong about it.</summary>
public sealed class ModelInputException(IReadOnlyList<InputMistake> mistakes)
    : Exception(string.Join(" ", mistakes.Select(m => $"{m.Field}: {m.Message}")))
{
    /// <summary>All mistakes found.</summary>
    public IReadOnlyList<InputMistake> Mistakes { get; } = mistakes;
}
