using LivingCity.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LivingCity.Events.Tests.Hosting;

/// <summary>A clock that is ahead of the real one. Timers run as always.</summary>
internal sealed class Clock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    /// <summary>A host, or a second replica of one, that lives by this clock.</summary>
    public Task<ServiceHost<Program>> StartAsync(Infrastructure infrastructure, ServiceHost<Program>? peer = null) =>
        ServiceHost<Program>.StartAsync(infrastructure, peer: peer, services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(this)));
}
