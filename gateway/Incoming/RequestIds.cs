using System.Buffers;
using System.Collections;
using System.Diagnostics;

namespace LivingCity.Gateway.Incoming;

/// <summary>
/// One id per request: the caller's <c>X-Request-ID</c> when it is well-formed, else the trace's. It is in every log line (as <c>request.id</c>),
/// goes to the service and comes back to the caller.
/// </summary>
internal static class RequestIds
{
    public const string Header = "X-Request-ID";
    private const int Shortest = 8;
    private const int Longest = 64;
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static void UseRequestIds(this WebApplication app) => app.Use(async (context, next) =>
    {
        var given = context.Request.Headers[Header];
        var id = given.Count == 1 && IsWellFormed(given[0]) ? given[0]! : Make();
        context.TraceIdentifier = id;
        context.Request.Headers[Header] = id;
        context.Response.OnStarting(SetOnResponse, context);
        using (app.Logger.BeginScope(new Scope(id)))
        {
            await next(context);
        }
    });

    private static Task SetOnResponse(object state)
    {
        var context = (HttpContext)state;
        context.Response.Headers[Header] = context.TraceIdentifier;
        return Task.CompletedTask;
    }

    private static string Make() => Activity.Current?.TraceId.ToHexString() ?? Guid.CreateVersion7().ToString("N");

    private static bool IsWellFormed(string? id) => id is { Length: >= Shortest and <= Longest } && !id.AsSpan().ContainsAnyExcept(Allowed);

    private sealed class Scope(string id) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 1;

        public KeyValuePair<string, object?> this[int index] => new("request.id", id);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"request.id:{id}";
    }
}
