using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LivingCity.Ingestion.Tests;

/// <summary>Serves documents over HTTP and counts how often each is asked for.</summary>
public sealed class ContextServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> documents = new();
    private readonly ConcurrentDictionary<string, int> requests = new();
    private WebApplication? server;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.MapGet("/{name}", (string name) =>
        {
            requests.AddOrUpdate(name, 1, (_, count) => count + 1);
            return documents.TryGetValue(name, out var document) ? Results.Text(document, "application/ld+json") : Results.NotFound();
        });
        await server.StartAsync();
    }

    /// <summary>Serves a document under a new address.</summary>
    public string Serve(string document)
    {
        var name = $"{Guid.NewGuid():N}.jsonld";
        documents[name] = document;
        return $"{server!.Urls.First()}/{name}";
    }

    /// <summary>Puts another document at an address.</summary>
    public void Replace(string address, string document) => documents[address[(address.LastIndexOf('/') + 1)..]] = document;

    public int Requests(string address) => requests.GetValueOrDefault(address[(address.LastIndexOf('/') + 1)..]);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
