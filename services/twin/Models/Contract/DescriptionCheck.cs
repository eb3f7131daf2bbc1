using System.Globalization;

namespace LivingCity.Twin.Models.Contract;

/// <summary>Checks a request against a model's description.</summary>
internal static class DescriptionCheck
{
    public static List<InputMistake> Mistakes(ModelDescription description, ModelRequest request)
    {
        List<InputMistake> mistakes = [];
        foreach (var input in description.Inputs)
        {
            if (!request.Inputs.TryGetValue(input.Name, out var value))
            {
                if (input.Required)
                {
                    mistakes.Add(new(input.Name, $"is required: {input.Meaning}"));
                }
            }
            else if (value.Kind != input.Kind)
            {
                mistakes.Add(new(input.Name, $"must be of kind {input.Kind}, not {value.Kind}."));
            }
            else
            {
                CheckRange(input.Name, value, input.Minimum, input.Maximum, input.Unit, mistakes);
            }
        }

        mistakes.AddRange(request.Inputs.Keys.Except(description.Inputs.Select(i => i.Name)).Select(name => new InputMistake(name, $"is not an input of {description.Id}.")));
        CheckParameters(description, request.Parameters ?? new Dictionary<string, ModelValue>(), mistakes);
        return mistakes;
    }

    private static void CheckParameters(ModelDescription description, IReadOnlyDictionary<string, ModelValue> parameters, List<InputMistake> mistakes)
    {
        foreach (var (name, value) in parameters)
        {
            var parameter = description.Parameters.FirstOrDefault(p => p.Name == name);
            if (parameter is null)
            {
                mistakes.Add(new(name, $"is not a parameter of {description.Id}."));
            }
            else if (value.Kind != parameter.Default.Kind)
            {
                mistakes.Add(new(name, $"must be of kind {parameter.Default.Kind}, not {value.Kind}."));
            }
            else if (parameter.Choices is not null && value is TextValue text && !parameter.Choices.Contains(text.Value))
            {
                mistakes.Add(new(name, $"must be one of {string.Join(", ", parameter.Choices)}."));
            }
            else
            {
                CheckRange(name, value, parameter.Minimum, parameter.Maximum, parameter.Unit, mistakes);
            }
        }
    }

    private static void CheckRange(string name, ModelValue value, double? minimum, double? maximum, string unit, List<InputMistake> mistakes)
    {
        if (value is NumberValue number)
        {
            if (double.IsNaN(number.Value) || number.Value < minimum || number.Value > maximum)
            {
                mistakes.Add(new(name, $"must be {Range(minimum, maximum)} {unit}, not {number.Value.ToString("G6", CultureInfo.InvariantCulture)}."));
            }
        }
        else if (value is GridValue grid && (minimum is not null || maximum is not null))
        {
            var outside = grid.Value.Values.Count(v => v < minimum || v > maximum);
            if (outside > 0)
            {
                mistakes.Add(new(name, $"must be {Range(minimum, maximum)} {unit}; {outside} cells are not."));
            }
        }
    }

    private static string Range(double? minimum, double? maximum) => (minimum, maximum) switch
    {
        (not null, not null) => string.Create(CultureInfo.InvariantCulture, $"from {minimum} to {maximum}"),
        (not null, null) => string.Create(CultureInfo.InvariantCulture, $"at least {minimum}"),
        (null, not null) => string.Create(CultureInfo.InvariantCulture, $"at most {maximum}"),
        _ => "a number in",
    };
}
