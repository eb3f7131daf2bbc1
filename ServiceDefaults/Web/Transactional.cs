using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.ServiceDefaults.Web;

/// <summary>One transaction around an endpoint, and with an <c>Idempotency-Key</c> one effect for any number of repeats.</summary>
public static class TransactionalExtensions
{
    /// <summary>
    /// Runs the endpoints in a transaction of the caller's city. A handler takes the <see cref="Work"/> as a parameter and returns;
    /// the work commits before the answer is sent when its status is below 400, else it rolls back. Answers are held in memory until then: not for large ones.
    /// </summary>
    public static TBuilder Transactional<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(TransactionalMarker.Instance);

    internal static IServiceCollection AddTransactional(this IServiceCollection services) => services
        .AddScoped<WorkHolder>()
        .AddScoped(provider => provider.GetRequiredService<WorkHolder>().Work ?? throw new InvalidOperationException("The endpoint is not Transactional()."));

    internal sealed class TransactionalMarker
    {
        public static readonly TransactionalMarker Instance = new();
    }

    internal sealed class WorkHolder
    {
        public Work? Work { get; set; }
    }
}

internal sealed class TransactionalMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<TransactionalExtensions.TransactionalMarker>() is null)
        {
            await next(context);
            return;
        }

        var stop = context.RequestAborted;
        var caller = Caller.From(context.User);
        await using var work = await context.RequestServices.GetRequiredService<Database>().BeginAsync(caller.City, stop);
        context.RequestServices.GetRequiredService<TransactionalExtensions.WorkHolder>().Work = work;
        var key = await IdempotencyKey.ReadAsync(context, caller);
        if (key is not null && await key.ClaimAsync(work, context) is { } first)
        {
            await first.ExecuteAsync(context);
            return;
        }

        using var body = await RunAsync(context);
        if (context.Response.StatusCode < StatusCodes.Status400BadRequest)
        {
            if (key is not null)
            {
                await key.KeepAsync(work, context.Response, body.ToArray(), stop);
            }

            await work.CommitAsync(stop);
        }

        body.Position = 0;
        await body.CopyToAsync(context.Response.Body, stop);
    }

    /// <summary>Lets the endpoint answer into memory: what it says may only leave once the commit has happened.</summary>
    private async Task<MemoryStream> RunAsync(HttpContext context)
    {
        var real = context.Features.Get<IHttpResponseBodyFeature>()!;
        var memory = new MemoryStream();
        var buffered = new StreamResponseBodyFeature(memory);
        context.Features.Set<IHttpResponseBodyFeature>(buffered);
        try
        {
            await next(context);
            await buffered.CompleteAsync();
            return memory;
        }
        finally
        {
            context.Features.Set(real);
        }
    }
}
