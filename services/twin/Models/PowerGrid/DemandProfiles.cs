namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>
/// Demand and generation over one day in equal steps, kW, from midnight local solar time. All are functions of their arguments (and of a seeded generator where people's habits are drawn).
/// </summary>
public static class DemandProfiles
{
    /// <summary>
    /// Shape of residential load by hour, mean 1: the standard load profile H25 of the German energy association BDEW (2025) on a workday in January, its quarter hours summed and divided by their mean (103.185 kWh an hour for
    /// 1 GWh a year), before the factor of the day.
    /// </summary>
    private static ReadOnlySpan<double> Residential =>
        [0.7191, 0.6182, 0.5852, 0.5801, 0.6055, 0.6891, 0.8913, 0.9690, 0.9110, 0.8798, 0.8880, 0.9740, 1.0173, 1.0085, 0.9848, 1.0174, 1.1623, 1.4520, 1.6140, 1.5980, 1.4582, 1.3018, 1.1512, 0.9242];

    /// <summary>Factor on the case's loads at an hour (0…24), interpolated.</summary>
    public static double LoadFactor(double hour)
    {
        var shifted = (hour - 0.5 + 24) % 24;
        var index = (int)shifted;
        return double.Lerp(Residential[index], Residential[(index + 1) % 24], shifted - index);
    }

    /// <summary>
    /// Electric power in kW of one air-source heat pump at an outdoor temperature in °C: heat = loss · (15 °C − T), with COP = 6.81 − 0.121·ΔT + 0.000630·ΔT² for a flow temperature above
    /// outdoors of ΔT, fitted for 15 to 60 K (Staffell et al. 2012, "A review of domestic heat pumps", Energy and Environmental Science 5, 9291–9306, as PyPSA-Eur uses it); held at the ends outside. The loss is illustrative.
    /// </summary>
    /// <param name="temperature">Outdoor temperature, °C.</param>
    /// <param name="heatLoss">Heat loss of the dwelling, kW/K.</param>
    /// <param name="flowTemperature">Flow temperature of the heating, °C.</param>
    public static double HeatPump(double temperature, double heatLoss = 0.2, double flowTemperature = 45)
    {
        var lift = Math.Clamp(flowTemperature - temperature, 15, 60);
        var performance = 6.81 - 0.121 * lift + 0.000630 * lift * lift;
        return heatLoss * Math.Max(0, 15 - temperature) / performance;
    }

    /// <summary>
    /// Power of one kWp of level photovoltaics in kW under a clear sky: solar height by Cooper (1969), irradiance by Haurwitz (1945) <c>1098·cos z·exp(−0.057/cos z)</c> W/m², and a performance ratio.
    /// </summary>
    /// <param name="hour">Local solar hour, 0…24.</param>
    /// <param name="dayOfYear">1…366.</param>
    /// <param name="latitude">Degrees north.</param>
    /// <param name="clearness">Share of the clear-sky irradiance, 0…1.</param>
    /// <param name="performanceRatio">Losses of module and inverter, 0…1.</param>
    public static double Photovoltaics(double hour, int dayOfYear, double latitude, double clearness = 1, double performanceRatio = 0.85)
    {
        var cosine = Solar.CosineOfZenith(hour, dayOfYear, latitude);
        return cosine <= 0 ? 0 : 1.098 * cosine * Math.Exp(-0.057 / cosine) * clearness * performanceRatio;
    }

    /// <summary>
    /// Charging power in kW of many cars over a day. Cars come home around 18:00 (standard deviation 2 h), leave at 07:00 and take back a day's energy (exponential, capped at what the night allows).
    /// These habits are illustrative. Plain charging starts on arrival; smart charging fills the valleys of the load that is given, in the window in which the car stands.
    /// </summary>
    /// <param name="cars">Number of cars.</param>
    /// <param name="steps">Steps of the day.</param>
    /// <param name="random">Habits of the drivers.</param>
    /// <param name="otherLoad">Load in kW that smart charging avoids; null for plain charging.</param>
    /// <param name="dailyEnergy">Mean energy, kWh a day (35 km at 0.2 kWh/km).</param>
    /// <param name="power">Power of a charging point, kW.</param>
    public static double[] Charging(int cars, int steps, Random random, ReadOnlySpan<double> otherLoad = default, double dailyEnergy = 7, double power = 11)
    {
        var stepHours = 24.0 / steps;
        var demand = new double[steps];
        var total = otherLoad.IsEmpty ? demand : otherLoad.ToArray();
        for (var car = 0; car < cars; car++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var arrival = (int)(Math.Clamp(18 + 2 * normal, 12, 23.75) / stepHours);
            var window = steps - arrival + (int)(7 / stepHours);
            var energy = Math.Min(-dailyEnergy * Math.Log(1 - random.NextDouble()), power * stepHours * window);
            var slots = Enumerable.Range(arrival, window).Select(s => s % steps);
            foreach (var slot in otherLoad.IsEmpty ? slots : [.. slots.OrderBy(s => total[s]).ThenBy(s => s)])
            {
                var taken = Math.Min(energy, power * stepHours);
                demand[slot] += taken / stepHours;
                if (!otherLoad.IsEmpty)
                {
                    total[slot] += taken / stepHours;
                }

                energy -= taken;
                if (energy <= 0)
                {
                    break;
                }
            }
        }

        return demand;
    }

    /// <summary>
    /// What a battery adds to a net load in kW: it stores surplus and serves load, never the grid. The day is passed three times, each from the state in which the last one ended, so that the day given back starts as full as it ends.
    /// </summary>
    /// <param name="netLoad">Load less generation, kW.</param>
    /// <param name="capacity">Usable energy, kWh.</param>
    /// <param name="power">Greatest charge and discharge, kW.</param>
    /// <param name="efficiency">Round-trip efficiency, 0…1.</param>
    public static double[] Battery(ReadOnlySpan<double> netLoad, double capacity, double power, double efficiency = 0.9)
    {
        var stepHours = 24.0 / netLoad.Length;
        var oneWay = Math.Sqrt(efficiency);
        var change = new double[netLoad.Length];
        var stored = 0.0;
        for (var day = 0; day < 3; day++)
        {
            for (var i = 0; i < netLoad.Length; i++)
            {
                change[i] = netLoad[i] < 0
                    ? Math.Min(Math.Min(-netLoad[i], power), (capacity - stored) / (oneWay * stepHours))
                    : -Math.Min(Math.Min(netLoad[i], power), stored * oneWay / stepHours);
                stored = Math.Clamp(stored + stepHours * (change[i] > 0 ? change[i] * oneWay : change[i] / oneWay), 0, capacity);
            }
        }

        return change;
    }
}
