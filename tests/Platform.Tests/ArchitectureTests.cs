using System.Reflection;

namespace LivingCity.Platform.Tests;

/// <summary>Dependencies point one way: service → shared defaults, service → contracts.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] Services = ["Ingestion", "Dataspace", "Twin", "Events", "Assessment", "Gateway"];

    public static TheoryData<string> Each => [.. Services];

    [Theory]
    [MemberData(nameof(Each))]
    public void Service_KnowsTheDefaultsTheContractsAndItself(string service) =>
        Assert.Empty(Own(service).Where(name => name is not ("LivingCity.ServiceDefaults" or "LivingCity.Contracts") && !name.StartsWith($"LivingCity.{service}.", StringComparison.Ordinal)));

    [Fact]
    public void Defaults_KnowNoServiceAndNoContract() => Assert.Empty(Own("ServiceDefaults"));

    [Fact]
    public void Contracts_KnowNothing() =>
        Assert.Empty(Assembly.Load("LivingCity.Contracts").GetReferencedAssemblies().Where(name => !name.Name!.StartsWith("System", StringComparison.Ordinal)).Select(name => name.Name));

    [Fact]
    public void Models_KnowNoWebNoDatabaseAndNoBus() =>
        Assert.Empty(Assembly.Load("LivingCity.Twin.Models").GetReferencedAssemblies().Select(name => name.Name!)
            .Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name is "Npgsql" or "Dapper" or "MassTransit" || name.StartsWith("LivingCity", StringComparison.Ordinal)));

    /// <summary>But for the portal's pages: Razor makes components public, and so must be what they are given.</summary>
    [Theory]
    [MemberData(nameof(Each))]
    public void Service_ShowsNothingButItsProgram(string service) =>
        Assert.Empty(Assembly.Load($"LivingCity.{service}").GetExportedTypes().Where(type => type.Name != "Program" && !type.FullName!.StartsWith("Microsoft.", StringComparison.Ordinal)
            && type.Namespace?.StartsWith("LivingCity.Gateway.Portal", StringComparison.Ordinal) != true).Select(type => type.FullName));

    private static IEnumerable<string> Own(string assembly) =>
        Assembly.Load($"LivingCity.{assembly}").GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("LivingCity.", StringComparison.Ordinal));
}
