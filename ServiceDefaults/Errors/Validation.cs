using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.ServiceDefaults.Errors;

/// <summary>Collects all mistakes of an input, so that a user sees them at once. Not thread-safe.</summary>
public sealed class Validation
{
    private readonly Dictionary<string, List<string>> errors = [];

    /// <summary>True while no rule was broken.</summary>
    public bool IsValid => errors.Count == 0;

    /// <summary>The mistakes by field.</summary>
    public IReadOnlyDictionary<string, string[]> Errors => errors.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray());

    /// <summary>Notes a mistake unless <paramref name="holds"/>.</summary>
    /// <param name="holds">Whether the rule holds.</param>
    /// <param name="field">The field as the caller wrote it, with dots and brackets for what lies deeper.</param>
    /// <param name="message">What is wrong and what would be right.</param>
    public Validation Rule(bool holds, string field, string message)
    {
        if (!holds)
        {
            if (!errors.TryGetValue(field, out var messages))
            {
                errors[field] = messages = [];
            }

            messages.Add(message);
        }

        return this;
    }

    /// <summary>The mistakes as a 400 result.</summary>
    public ProblemHttpResult ToResult() => Problem.Invalid.Because(Errors);

    /// <summary>The mistakes as an exception, for code that has to say so at once.</summary>
    public ProblemException ToException() => new(Problem.Invalid.Details(Errors));

    /// <summary>Throws when a rule was broken.</summary>
    /// <exception cref="ProblemException">The input is not valid.</exception>
    public void ThrowIfInvalid()
    {
        if (!IsValid)
        {
            throw new ProblemException(Problem.Invalid.Details(Errors));
        }
    }
}
