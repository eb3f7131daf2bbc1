using LivingCity.Twin.Benchmarks;

// eng/bench.sh twin [flood traffic power heat cancel] [--scaling] [scaling-flood scaling-traffic scaling-power] [carlisle]; without names the first five. scaling-traffic:64 runs that size alone.
string[] all = ["flood", "traffic", "power", "heat", "cancel"], scaling = ["scaling-flood", "scaling-traffic", "scaling-power"];
string[] chosen = args.Length == 0 ? all : [.. args.SelectMany(name => name == "--scaling" ? scaling : [name])];
var report = new Report();
Report.Machine();
foreach (var name in chosen)
{
    report.Section(name);
    var parts = name.Split(':', 2);
    int? size = parts.Length == 2 && int.TryParse(parts[1], out var number) ? number : null;
    switch (parts[0])
    {
        case "flood": FloodBenchmarks.Run(report); break;
        case "traffic": TrafficBenchmarks.Run(report); break;
        case "power": PowerBenchmarks.Run(report); break;
        case "heat": HeatBenchmarks.Run(report); break;
        case "cancel": CancellationBenchmarks.Run(report); break;
        case "scaling-flood": ScalingBenchmarks.Flood(size); break;
        case "scaling-traffic": ScalingBenchmarks.Traffic(size); break;
        case "scaling-power": ScalingBenchmarks.Power(size); break;
        case "carlisle": CarlisleBenchmark.Run(report); break;
        default: Console.Error.WriteLine($"There is no benchmark {name}; there are {string.Join(", ", all.Concat(scaling))}, carlisle and --scaling."); return 1;
    }
}

return 0;
