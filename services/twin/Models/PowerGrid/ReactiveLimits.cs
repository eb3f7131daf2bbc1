namespace LivingCity.Twin.Models.PowerGrid;

/// <summary>Reactive limits of generator buses.</summary>
internal static class ReactiveLimits
{
    private const double Slackness = 1e-9;

    /// <summary>Holds every generator bus that left its limits at the limit it left, and lets its voltage go.</summary>
    /// <returns>Whether any bus changed, so that the flow has to be solved again.</returns>
    public static bool Enforce(PowerNetwork network, NewtonRaphson solver, bool[] holdsVoltage, List<int> atLimit)
    {
        var position = network.Source.Buses.Select((bus, i) => (bus.Number, i)).ToDictionary(b => b.Number, b => b.i);
        var limits = network.Source.Generators.Where(g => g.InService)
            .GroupBy(g => network.IndexOfBus[position[g.Bus]])
            .ToDictionary(g => g.Key, g => (Low: g.Sum(x => x.MinimumReactive), High: g.Sum(x => x.MaximumReactive)));
        var changed = false;
        foreach (var (i, (low, high)) in limits)
        {
            if (i < 0 || !holdsVoltage[i] || network.Types[i] != BusType.Generator)
            {
                continue;
            }

            var bus = network.Source.Buses[network.Energised[i]];
            var generated = solver.Flow[i].Imaginary * network.Source.BasePower + bus.ReactiveLoad;
            if (generated < low - Slackness || generated > high + Slackness)
            {
                var held = (generated < low ? low : high) - bus.ReactiveLoad;
                solver.Injection[i] = new(solver.Injection[i].Real, held / network.Source.BasePower);
                holdsVoltage[i] = false;
                atLimit.Add(bus.Number);
                changed = true;
            }
        }

        return changed;
    }
}
