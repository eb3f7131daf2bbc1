using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LivingCity.Gateway.Tests.Hosting;

/// <summary>Keeps the request ids under which lines were logged.</summary>
internal sealed class ScopeRecorder : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentBag<string> ids = [];
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> RequestIds => ids;

    public ILogger CreateLogger(string categoryName) => new Recorder(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Recorder(ScopeRecorder owner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.scopes.ForEachScope(
                (scope, ids) =>
                {
                    foreach (var (name, value) in scope as IEnumerable<KeyValuePair<string, object?>> ?? [])
                    {
                        if (name == "request.id")
                        {
                            ids.Add($"{value}");
                        }
                    }
                },
                owner.ids);
    }
}
