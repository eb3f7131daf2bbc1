namespace LivingCity.Testing;

/// <summary>One host of a service for all tests of a class.</summary>
public class HostFixture<TProgram>(Infrastructure infrastructure) : IAsyncLifetime
    where TProgram : class
{
    private ServiceHost<TProgram>? host;

    public ServiceHost<TProgram> Host => host ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => host = await ServiceHost<TProgram>.StartAsync(infrastructure);

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
        {
            await host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
