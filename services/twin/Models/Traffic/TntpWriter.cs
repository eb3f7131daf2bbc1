using System.Globalization;

namespace LivingCity.Twin.Models.Traffic;

/// <summary>Writes what <see cref="TntpReader"/> reads; numbers keep every bit.</summary>
public static class TntpWriter
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes a network.</summary>
    public static void WriteNetwork(RoadNetwork network, TextWriter text)
    {
        text.Write(string.Create(Culture, $"<NUMBER OF ZONES> {network.Zones}\n<NUMBER OF NODES> {network.Nodes}\n<FIRST THRU NODE> {network.FirstThroughNode}\n<NUMBER OF LINKS> {network.Links.Count}\n"));
        text.Write(string.Create(Culture, $"<TOLL FACTOR> {network.TollFactor:R}\n<DISTANCE FACTOR> {network.DistanceFactor:R}\n<END OF METADATA>\n\n"));
        text.Write("~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;\n");
        foreach (var l in network.Links)
        {
            text.Write(string.Create(Culture, $"\t{l.From}\t{l.To}\t{l.Capacity:R}\t{l.Length:R}\t{l.FreeFlowTime:R}\t{l.B:R}\t{l.Power:R}\t{l.Speed:R}\t{l.Toll:R}\t{l.Type}\t;\n"));
        }
    }

    /// <summary>Writes trips; pairs without any are left out.</summary>
    public static void WriteTrips(TripMatrix trips, TextWriter text)
    {
        text.Write(string.Create(Culture, $"<NUMBER OF ZONES> {trips.Zones}\n<TOTAL OD FLOW> {trips.Total:R}\n<END OF METADATA>\n\n"));
        for (var from = 1; from <= trips.Zones; from++)
        {
            text.Write(string.Create(Culture, $"\nOrigin {from}\n"));
            for (var to = 1; to <= trips.Zones; to++)
            {
                if (trips[from, to] != 0)
                {
                    text.Write(string.Create(Culture, $"{to} : {trips[from, to]:R};\n"));
                }
            }
        }
    }

    /// <summary>Writes flows and times of an equilibrium in the order of the links.</summary>
    public static void WriteFlows(RoadNetwork network, Equilibrium equilibrium, TextWriter text)
    {
        text.Write("From \tTo \tVolume \tCost \n");
        for (var i = 0; i < network.Links.Count; i++)
        {
            text.Write(string.Create(Culture, $"{network.Links[i].From}\t{network.Links[i].To}\t{equilibrium.Flow[i]:R}\t{equilibrium.Time[i]:R}\n"));
        }
    }
}
