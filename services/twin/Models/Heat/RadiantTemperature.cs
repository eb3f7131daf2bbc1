namespace LivingCity.Twin.Models.Heat;

/// <summary>What stands around a person.</summary>
/// <param name="Shade">Share of the direct sun kept off, 0…1.</param>
/// <param name="SkyView">Share of the upper half space that is sky, 0…1.</param>
/// <param name="GroundAlbedo">Albedo of the ground, 0…1.</param>
public sealed record RadiantSurroundings(double Shade = 0, double SkyView = 1, double GroundAlbedo = 0.2);

/// <summary>
/// Mean radiant temperature of a standing person from six fluxes: VDI 3787 part 2 (2008), with absorption 0.7 for sunlight and 0.97 for heat, projected area <c>0.308·cos(γ·(0.998 − γ²/50000))</c>, and the sky's heat
/// after Brunt (1932).
/// </summary>
public static class RadiantTemperature
{
    private const double Boltzmann = 5.670374e-8, SunAbsorption = 0.7, HeatAbsorption = 0.97, SolarConstant = 1361;

    // Excess of a sunlit ground over the air for each W/m² that it takes in: about 15 K at 800 W/m², as asphalt shows on clear days; own figure.
    private const double GroundHeating = 0.019;

    /// <summary>Mean radiant temperature in °C under a clear sky.</summary>
    /// <param name="airTemperature">°C.</param>
    /// <param name="relativeHumidity">%.</param>
    /// <param name="hour">Local solar hour, 0…24.</param>
    /// <param name="dayOfYear">1…366.</param>
    /// <param name="latitude">Degrees north.</param>
    /// <param name="surroundings">Shade, sky view and ground.</param>
    public static double ClearSky(double airTemperature, double relativeHumidity, double hour, int dayOfYear, double latitude, RadiantSurroundings surroundings)
    {
        var cosine = Solar.CosineOfZenith(hour, dayOfYear, latitude);
        // Global irradiance after Haurwitz (1945).
        var global = cosine <= 0.01 ? 0 : 1098 * cosine * Math.Exp(-0.057 / cosine);
        var diffuse = global * DiffuseShare(global / (SolarConstant * Math.Max(cosine, 0.01)));
        var direct = cosine <= 0.01 ? 0 : (global - diffuse) / cosine;
        return FromFluxes(airTemperature, relativeHumidity, direct, diffuse, Math.Asin(Math.Clamp(cosine, -1, 1)) * 180 / Math.PI, surroundings);
    }

    /// <summary>Mean radiant temperature in °C from measured or modelled sunlight.</summary>
    /// <param name="airTemperature">°C.</param>
    /// <param name="relativeHumidity">%.</param>
    /// <param name="direct">Direct sunlight on a surface facing the sun, W/m².</param>
    /// <param name="diffuse">Diffuse sunlight on a level surface under an open sky, W/m².</param>
    /// <param name="elevation">Height of the sun, degrees.</param>
    /// <param name="surroundings">Shade, sky view and ground.</param>
    public static double FromFluxes(double airTemperature, double relativeHumidity, double direct, double diffuse, double elevation, RadiantSurroundings surroundings)
    {
        var beam = direct * (1 - surroundings.Shade);
        var height = Math.Max(elevation, 0);
        var onGround = beam * Math.Sin(height * Math.PI / 180) + diffuse * surroundings.SkyView;
        var projected = 0.308 * Math.Cos(height * (0.998 - height * height / 50000) * Math.PI / 180);
        var absolute = airTemperature + 273.15;
        var black = Boltzmann * Math.Pow(absolute, 4);
        var vapour = VapourPressure.Actual(airTemperature, relativeHumidity);
        var sky = (0.52 + 0.065 * Math.Sqrt(vapour)) * black;
        var ground = Boltzmann * Math.Pow(absolute + GroundHeating * (1 - surroundings.GroundAlbedo) * onGround, 4);
        var sunlight = projected * beam + 0.5 * diffuse * surroundings.SkyView + 0.5 * surroundings.GroundAlbedo * onGround;
        var heat = 0.5 * (surroundings.SkyView * sky + (1 - surroundings.SkyView) * 0.95 * black) + 0.5 * 0.95 * ground;
        return Math.Pow((SunAbsorption * sunlight / HeatAbsorption + heat) / Boltzmann, 0.25) - 273.15;
    }

    // Erbs, Klein and Duffie (1982), Solar Energy 28, 293–302.
    private static double DiffuseShare(double clearness) => clearness switch
    {
        <= 0.22 => 1 - 0.09 * clearness,
        <= 0.8 => 0.9511 + clearness * (-0.1604 + clearness * (4.388 + clearness * (-16.638 + 12.336 * clearness))),
        _ => 0.165,
    };
}
