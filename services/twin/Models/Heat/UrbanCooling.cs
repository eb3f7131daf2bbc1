using LivingCity.Twin.Models.Geo;

namespace LivingCity.Twin.Models.Heat;

/// <summary>Properties of one kind of land cover.</summary>
/// <param name="Code">Code in the land cover raster.</param>
/// <param name="GreenArea">Whether it is green, 0 or 1.</param>
/// <param name="CropCoefficient">Evapotranspiration against the reference crop.</param>
/// <param name="Albedo">Share of sunlight thrown back, 0…1.</param>
/// <param name="Shade">Share of the ground under trees of two metres and more, 0…1.</param>
public sealed record LandCover(int Code, double GreenArea, double CropCoefficient, double Albedo, double Shade);

/// <summary>Settings of the urban cooling model.</summary>
/// <param name="ReferenceTemperature">Rural air temperature, °C.</param>
/// <param name="HeatIsland">Greatest excess of the city over the countryside, K.</param>
/// <param name="ParkDistance">Distance over which green areas cool, m.</param>
/// <param name="AveragingRadius">Distance over which air mixes, m.</param>
/// <param name="ShadeWeight">Weight of shade in the cooling capacity.</param>
/// <param name="AlbedoWeight">Weight of albedo.</param>
/// <param name="EvapotranspirationWeight">Weight of evapotranspiration.</param>
public sealed record UrbanCoolingSettings(
    double ReferenceTemperature, double HeatIsland, double ParkDistance = 450, double AveragingRadius = 500, double ShadeWeight = 0.6, double AlbedoWeight = 0.2, double EvapotranspirationWeight = 0.2);

/// <summary>Layers of the urban cooling model.</summary>
/// <param name="CoolingCapacity">CC, 0…1.</param>
/// <param name="ParkCapacity">CC of green areas, averaged over the park distance.</param>
/// <param name="HeatMitigation">HM, 0…1.</param>
/// <param name="UnmixedTemperature">Air temperature before mixing, °C.</param>
/// <param name="AirTemperature">Air temperature, °C.</param>
public sealed record UrbanCoolingResult(Raster CoolingCapacity, Raster ParkCapacity, Raster HeatMitigation, Raster UnmixedTemperature, Raster AirTemperature);

/// <summary>
/// Urban cooling after InVEST (Natural Capital Project, user's guide, "Urban cooling"; Bosch et al. 2021, Geoscientific Model Development 14, 3521–3537): cooling capacity from shade, albedo and evapotranspiration, cooling
/// by green areas of two hectares and more, and mixing of the air.
/// </summary>
public static class UrbanCooling
{
    private const double LargeGreenArea = 20000;

    /// <summary>Properties of every cell that the capacity is computed from; interventions change them.</summary>
    public sealed record Layers(Raster Green, Raster CropCoefficient, Raster Albedo, Raster Shade);

    /// <summary>Properties by land cover.</summary>
    /// <exception cref="ArgumentException">A code of the raster has no entry.</exception>
    public static Layers Describe(Raster landCover, IReadOnlyList<LandCover> table)
    {
        var byCode = table.ToDictionary(t => t.Code);
        if (landCover.Values.Where(v => !double.IsNaN(v)).Select(v => (int)v).Distinct().FirstOrDefault(code => !byCode.ContainsKey(code), -1) is not -1 and var missing)
        {
            throw new ArgumentException($"Land cover {missing} has no entry in the table.", nameof(table));
        }

        Raster Of(Func<LandCover, double> property) => landCover.With([.. landCover.Values.Select(v => double.IsNaN(v) ? double.NaN : property(byCode[(int)v]))]);
        return new(Of(t => t.GreenArea), Of(t => t.CropCoefficient), Of(t => t.Albedo), Of(t => t.Shade));
    }

    /// <summary>Runs the model.</summary>
    /// <param name="layers">Properties of the cells.</param>
    /// <param name="referenceEvapotranspiration">Reference evapotranspiration of the same cells, mm.</param>
    /// <param name="settings">Settings.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static UrbanCoolingResult Run(Layers layers, Raster referenceEvapotranspiration, UrbanCoolingSettings settings, CancellationToken cancellationToken = default)
    {
        var greatest = referenceEvapotranspiration.Values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(1).Max();
        var weights = settings.ShadeWeight + settings.AlbedoWeight + settings.EvapotranspirationWeight;
        var capacity = layers.Green.With([.. layers.Shade.Values.Select((shade, i) =>
            (settings.ShadeWeight * shade + settings.AlbedoWeight * layers.Albedo.Values[i]
                + settings.EvapotranspirationWeight * layers.CropCoefficient.Values[i] * referenceEvapotranspiration.Values[i] / greatest) / weights)]);
        var cell = layers.Green.CellSize;
        var reach = (int)Math.Round(settings.ParkDistance / cell, MidpointRounding.ToEven);
        var park = KernelAverage.Exponential(capacity.With([.. capacity.Values.Select((c, i) => c * layers.Green.Values[i])]), reach, cancellationToken);
        var green = KernelAverage.DiscSum(layers.Green, reach, cancellationToken);
        var mitigation = capacity.With([.. capacity.Values.Select((c, i) => c < park.Values[i] && green.Values[i] * cell * cell > LargeGreenArea ? park.Values[i] : c)]);
        var unmixed = capacity.With([.. mitigation.Values.Select(m => settings.ReferenceTemperature + (1 - m) * settings.HeatIsland)]);
        var mixed = KernelAverage.Exponential(unmixed, (int)Math.Round(settings.AveragingRadius / cell, MidpointRounding.ToEven), cancellationToken);
        return new(capacity, park, mitigation, unmixed, mixed);
    }
}
