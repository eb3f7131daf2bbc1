using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.Formats;

/// <summary>A file or text that does not follow its format, with the place where it stops doing so.</summary>
/// <param name="field">File or input name.</param>
/// <param name="line">Line, counted from 1; 0 where the format has no lines.</param>
/// <param name="message">What is wrong, English.</param>
public sealed class InputFormatException(string field, int line, string message) : FormatException(line > 0 ? $"{field}, line {line}: {message}" : $"{field}: {message}")
{
    /// <summary>The same as a mistake of a request.</summary>
    public InputMistake Mistake { get; } = new(line > 0 ? $"{field}:{line}" : field, message);
}
