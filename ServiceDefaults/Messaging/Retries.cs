using LivingCity.ServiceDefaults.Errors;
using MassTransit;
using Npgsql;

namespace LivingCity.ServiceDefaults.Messaging;

/// <summary>How often a message is tried before it is given up to the error queue.</summary>
internal static class Retries
{
    public static void Configure(IReceiveEndpointConfigurator endpoint)
    {
        // The database being away says nothing about the message: wait for it, for a quarter of an hour. Anything else gets five tries.
        endpoint.UseMessageRetry(retry =>
        {
            retry.Handle<NpgsqlException>(exception => exception.IsTransient || exception is PostgresException { SqlState: ['5', '7', 'P', ..] });
            retry.Handle<ProblemException>(exception => exception.Details.Status == Problem.Unavailable.Status);
            retry.Exponential(100, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(400));
        });
        endpoint.UseMessageRetry(retry =>
        {
            retry.Ignore<NpgsqlException>(exception => exception.IsTransient);
            retry.Exponential(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(200));
        });
    }
}
