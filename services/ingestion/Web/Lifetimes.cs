using System.Xml;
using LivingCity.Ingestion.Errors;

namespace LivingCity.Ingestion.Web;

/// <summary>For how long users want something kept.</summary>
internal static class Lifetimes
{
    /// <summary>Reads a duration (ISO 8601, like PT1H or P1DT12H).</summary>
    /// <exception cref="NgsiLdException">It is none, or not above zero (BadRequestData).</exception>
    public static TimeSpan? Read(string? text, string member)
    {
        try
        {
            return text is null ? null : XmlConvert.ToTimeSpan(text) is { Ticks: > 0 } duration ? duration : throw new FormatException();
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw NgsiLdException.BadRequestData($"{member}: an ISO 8601 duration above zero is required, like PT1H.");
        }
    }

    /// <summary>What is granted of a wish.</summary>
    public static TimeSpan Within(TimeSpan? wanted, TimeSpan usual, TimeSpan most) => wanted is not { } wish ? usual : wish < most ? wish : most;
}
