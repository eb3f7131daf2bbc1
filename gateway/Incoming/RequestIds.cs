using System.Buffers;
using System.Diagnostics;

namespace LivingCity.Gateway.Incoming;

/// <summary>
/// One id per request: the caller's <c>X-Request-ID</c> when it is well-formed, else the trace's. It is in every log line (as <c>RequestId</c>),
/// goes to the service and comes back to the caller.
/// </summary>
internal static class RequestIds
{
    public const string Header = "X-Request-ID";
    private const int Shortest = 8;
    private const int Longest = 64;
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static void UseRequestIds(this WebApplication app) => app.Use((context, next) =>
    {
        var given = context.Request.Headers[Header];
        var id = given.Count == 1 && IsWellFormed(given[0]) ? given[0]! : Make();
        context.TraceIdentifier = id;
        context.Request.Headers[Header] = id;
        context.Response.OnStarting(SetOnResponse, context);
        return next(context);
    });

    private static Task SetOnResponse(object state)
    {
        var context = (HttpContext)state;
        context.Response.Headers[Header] = context.TraceIdentifier;
        return Task.CompletedTask;
    }

    private static string Make() => Activity.Current?.TraceId.ToHexString() ?? Guid.CreateVersion7().ToString("N");

    private static bool IsWellFormed(string? id) => id is { Length: >= Shortest and <= Longest } && !id.AsSpan().ContainsAnyExcept(Allowed);
}
