using LivingCity.Twin.Benchmarks;

// dotnet run -c Release --project benchmarks/Twin [-- flood traffic power heat cancel scaling-flood scaling-traffic scaling-power carlisle]; without names all but the whole Carlisle event.
string[] all = ["flood", "traffic", "power", "heat", "cancel", "scaling-flood", "scaling-traffic", "scaling-power"];
var chosen = args.Length > 0 ? args : all;
var report = new Report();
Report.Machine();
foreach (var name in chosen)
{
    report.Section(name);
    switch (name)
    {
        case "flood": FloodBenchmarks.Run(report); break;
        case "traffic": TrafficBenchmarks.Run(report); break;
        case "power": PowerBenchmarks.Run(report); break;
        case "heat": HeatBenchmarks.Run(report); break;
        case "cancel": CancellationBenchmarks.Run(report); break;
        case "scaling-flood": ScalingBenchmarks.Flood(); break;
        case "scaling-traffic": ScalingBenchmarks.Traffic(); break;
        case "scaling-power": ScalingBenchmarks.Power(); break;
        case "carlisle": CarlisleBenchmark.Run(report); break;
        default: Console.Error.WriteLine($"There is no benchmark {name}; there are {string.Join(", ", all)} and carlisle."); return 1;
    }
}

return 0;
