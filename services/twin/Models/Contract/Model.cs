using System.Globalization;
using LivingCity.Twin.Models.Formats;

namespace LivingCity.Twin.Models.Contract;

/// <summary>What all models share: checks against the description, defaults, and the shape of the result.</summary>
public abstract class Model : IModel
{
    /// <inheritdoc/>
    public abstract ModelDescription Description { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<VerificationCase> Verification { get; }

    /// <inheritdoc/>
    public IReadOnlyList<InputMistake> Validate(ModelRequest request)
    {
        var mistakes = DescriptionCheck.Mistakes(Description, request);
        if (mistakes.Count == 0)
        {
            var run = new ModelRun(Description, request, null, CancellationToken.None);
            try
            {
                Check(run, mistakes);
            }
            catch (InputFormatException exception)
            {
                mistakes.Add(exception.Mistake);
            }
        }

        return mistakes;
    }

    /// <inheritdoc/>
    public ModelResult Run(ModelRequest request, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var mistakes = Validate(request);
        if (mistakes.Count > 0)
        {
            throw new ModelInputException(mistakes);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var run = new ModelRun(Description, request, progress, cancellationToken);
        try
        {
            Execute(run);
        }
        catch (InputFormatException exception)
        {
            throw new ModelInputException([exception.Mistake]);
        }

        progress?.Report(1);
        return new ModelResult(Description.Id, Description.Version, request.Seed, run.AllParameters(), run.Outputs, run.Quality);
    }

    /// <summary>Adds the mistakes that the description alone cannot tell, such as two grids of different size.</summary>
    protected abstract void Check(ModelRun run, ICollection<InputMistake> mistakes);

    /// <summary>Computes the outputs.</summary>
    protected abstract void Execute(ModelRun run);

    /// <summary>A number in the way mistakes show it.</summary>
    protected static string Show(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
