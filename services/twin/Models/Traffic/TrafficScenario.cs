namespace LivingCity.Twin.Models.Traffic;

/// <summary>A solved scenario.</summary>
/// <param name="Network">Network after measures.</param>
/// <param name="Equilibrium">Flows.</param>
/// <param name="TripsByClass">Trips of each class after measures.</param>
/// <param name="Banned">Trips that a ban left without a path, by origin zone from 0.</param>
/// <param name="OriginTime">Total travel time of the trips from each zone, in the network's time unit.</param>
internal sealed record TrafficScenario(RoadNetwork Network, Equilibrium Equilibrium, IReadOnlyList<TripMatrix> TripsByClass, double[] Banned, double[] OriginTime)
{
    /// <summary>Applies measures and finds the equilibrium.</summary>
    public static TrafficScenario Assign(
        TrafficInputs inputs, IReadOnlyList<TrafficIntervention> measures, EquilibriumSettings settings, EquilibriumState? start, IProgress<double> progress, CancellationToken cancellationToken)
    {
        var network = Rebuild(inputs, measures);
        TripMatrix[] trips = [.. inputs.Classes.Select(c => inputs.Trips.Map((_, _, n) => n * c.Share))];
        foreach (var measure in measures.Where(m => m.Measure is "cycling-shift" or "fleet-renewal"))
        {
            Shift(inputs, trips, measure);
        }

        var banned = new double[network.Zones];
        var classes = Classes(inputs, measures, trips);
        var equilibrium = UserEquilibrium.Solve(network, classes, settings, start, progress, cancellationToken);
        if (equilibrium.Unserved.Count > 0)
        {
            foreach (var unserved in equilibrium.Unserved)
            {
                var c = inputs.Classes.ToList().FindIndex(x => x.Name == unserved.Class);
                banned[unserved.From - 1] += unserved.Trips;
                trips[c][unserved.From, unserved.To] = 0;
                if (inputs.RenewBanned && c != inputs.Classes.Count - 1)
                {
                    trips[^1][unserved.From, unserved.To] += unserved.Trips;
                }
            }

            equilibrium = UserEquilibrium.Solve(network, Classes(inputs, measures, trips), settings, equilibrium.State, progress, cancellationToken);
        }

        return new(network, equilibrium, trips, banned, TimesOfOrigins(network, equilibrium, inputs.Classes));
    }

    private static RoadNetwork Rebuild(TrafficInputs inputs, IReadOnlyList<TrafficIntervention> measures)
    {
        RoadLink[] links = [.. inputs.Network.Links];
        foreach (var measure in measures)
        {
            foreach (var i in measure.Links)
            {
                var metres = links[i].Length * inputs.MetresPerLength;
                links[i] = measure.Measure switch
                {
                    "speed-limit" when measure.Amount > 0 => links[i] with { FreeFlowTime = Math.Max(links[i].FreeFlowTime, metres / (measure.Amount / 3.6) / inputs.SecondsPerTime) },
                    "bus-lane" => links[i] with { Capacity = links[i].Capacity * Math.Max(0.01, 1 - measure.Amount) },
                    _ => links[i],
                };
            }
        }

        return inputs.Network with { Links = links };
    }

    private static List<TrafficClass> Classes(TrafficInputs inputs, IReadOnlyList<TrafficIntervention> measures, TripMatrix[] trips)
    {
        List<TrafficClass> classes = [];
        for (var c = 0; c < trips.Length; c++)
        {
            var fleet = inputs.Classes[c];
            var cost = new double[inputs.Network.Links.Count];
            var banned = new bool[cost.Length];
            foreach (var measure in measures.Where(m => m.Measure == "close" || m.Class == "*" || m.Class == fleet.Name))
            {
                foreach (var link in measure.Links.Where(_ => measure.Measure is "ban" or "close"))
                {
                    banned[link] = true;
                }

                // A toll is due at the gates of an area; at named links, on each of them.
                foreach (var link in measure.Gates.Where(_ => measure.Measure == "toll"))
                {
                    cost[link] += measure.Amount / fleet.ValueOfTime * 3600 / inputs.SecondsPerTime;
                }
            }

            classes.Add(new(fleet.Name, trips[c], fleet.PassengerCarUnits, cost, banned));
        }

        return classes;
    }

    private static void Shift(TrafficInputs inputs, TripMatrix[] trips, TrafficIntervention measure)
    {
        for (var c = 0; c < trips.Length; c++)
        {
            if ((measure.Class != "*" && inputs.Classes[c].Name != measure.Class) || inputs.Classes[c].Name == measure.To)
            {
                continue;
            }

            var moved = trips[c].Map((_, _, n) => n * measure.Amount);
            trips[c] = trips[c].Map((_, _, n) => n * (1 - measure.Amount));
            if (measure.Measure == "fleet-renewal")
            {
                var target = inputs.Classes.ToList().FindIndex(x => x.Name == measure.To);
                trips[target] = trips[target].Map((from, to, n) => n + moved[from, to]);
            }
        }
    }

    private static double[] TimesOfOrigins(RoadNetwork network, Equilibrium equilibrium, IReadOnlyList<FleetClass> classes)
    {
        var times = new double[network.Zones];
        foreach (var bush in equilibrium.State.Bushes)
        {
            for (var e = 0; e < bush.Link.Length; e++)
            {
                times[bush.Origin] += bush.Flow[e] / classes[bush.Class].PassengerCarUnits * equilibrium.Time[bush.Link[e]];
            }
        }

        return times;
    }
}
