using System.Globalization;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Dataspace.Catalogue;

/// <summary>What of the catalogue is looked for. Everything given must hold.</summary>
/// <param name="Q">Words in titles, descriptions and keywords, whatever their case and accents.</param>
/// <param name="Theme">EU data theme, like ENVI.</param>
/// <param name="License">URI of the licence.</param>
/// <param name="From">Data from this time on.</param>
/// <param name="To">Data until this time.</param>
/// <param name="Bbox">West, south, east and north in degrees: data from this rectangle.</param>
/// <param name="Synthetic">False leaves out what was computed, not measured.</param>
/// <param name="City">The city that provides it.</param>
/// <param name="Quality">At least this quality, in percent of the points of <see cref="DatasetQuality"/>.</param>
internal sealed record DatasetQuery(string? Q, string? Theme, string? License, DateTimeOffset? From, DateTimeOffset? To, string? Bbox, bool? Synthetic, string? City, int? Quality)
{
    /// <summary>The least share of points, in percent, or null.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public int? LeastQuality
    {
        get
        {
            new Validation().Rule(Quality is null or >= 0 and <= 100, "quality", "must be a percentage from 0 to 100").ThrowIfInvalid();
            return Quality;
        }
    }

    /// <summary>The rectangle, or null.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public double[]? Rectangle
    {
        get
        {
            if (Bbox is null)
            {
                return null;
            }

            var parts = Bbox.Split(',').Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).ToArray();
            new Validation().Rule(parts is [>= -180 and <= 180, >= -90 and <= 90, >= -180 and <= 180, >= -90 and <= 90] && parts[0] <= parts[2] && parts[1] <= parts[3], "bbox", "must be west,south,east,north in degrees").ThrowIfInvalid();
            return parts;
        }
    }
}
