namespace LivingCity.AppHost.Embedded;

public sealed class TelemetryStore;
