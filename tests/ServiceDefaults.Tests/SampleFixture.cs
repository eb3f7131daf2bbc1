using LivingCity.Testing;

[assembly: AssemblyFixture(typeof(Infrastructure))]

namespace LivingCity.ServiceDefaults.Tests;

/// <summary>One sample for the tests of a class that do not disturb it.</summary>
public sealed class SampleFixture(Infrastructure infrastructure) : IAsyncLifetime
{
    public SampleApp Sample { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Sample = await SampleApp.ReadyAsync(infrastructure);

    public ValueTask DisposeAsync() => Sample.DisposeAsync();
}
