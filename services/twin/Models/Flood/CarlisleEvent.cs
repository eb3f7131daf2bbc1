using LivingCity.Twin.Models.Formats;

namespace LivingCity.Twin.Models.Flood;

/// <summary>The flood of Carlisle in January 2005 from its published files: terrain at 5 m, three rivers, 30 gauges, 68.25 hours, n = 0.055 (Horritt et al. 2010, Hydrological Processes 24).</summary>
public static class CarlisleEvent
{
    /// <summary>Reads the event from its folder.</summary>
    public static FloodSetup Load(string folder)
    {
        var terrain = EsriAsciiGrid.ReadFile(Path.Combine(folder, "carlisle-5m.dem.raw.gz"), 27700);
        return new FloodSetup
        {
            Terrain = terrain,
            Roughness = [0.055],
            Duration = 245700,
            GaugeInterval = 900,
            StatisticsInterval = 60,
            Forcing = LisfloodFiles.ReadForcing(File.ReadAllText(Path.Combine(folder, "carlisle.bci")), File.ReadAllText(Path.Combine(folder, "carlisle.bdy")), terrain),
            Gauges = LisfloodFiles.ReadGauges(File.ReadAllText(Path.Combine(folder, "carlisle.stage")), terrain),
        };
    }
}
