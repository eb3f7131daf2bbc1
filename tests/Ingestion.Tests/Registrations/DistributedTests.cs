using LivingCity.Ingestion.Tests.Subscriptions;
using LivingCity.Testing;

namespace LivingCity.Ingestion.Tests.Registrations;

/// <summary>One broker and one context source, which is registered for entities of a type of their own.</summary>
public abstract class DistributedTests(NotifyingFixture fixture) : IClassFixture<NotifyingFixture>, IAsyncLifetime
{
    private readonly List<string> registrations = [];
    private Receiver? source;

    protected NotifyingFixture Fixture { get; } = fixture;

    protected Broker Broker => Fixture.Broker;

    protected string Type { get; } = $"T{Guid.NewGuid():N}";

    protected string Id => $"urn:ngsi-ld:{Type}:1";

    protected Receiver Source => source!;

    public async ValueTask InitializeAsync() => source = await Receiver.StartAsync();

    /// <summary>A registration that stayed would ask whoever gets the source's port next.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var id in registrations)
        {
            await Broker.DoAsync("DELETE", $"/csourceRegistrations/{id}");
        }

        await Source.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <param name="mode">The registration's mode (clause 4.3.6.2).</param>
    /// <param name="selector">What it says of entities besides their type; else any id that names the type.</param>
    /// <param name="attributes">The only attributes it has, as members of a JSON array.</param>
    /// <param name="more">Further members.</param>
    protected Task RegisterAsync(string mode, string selector = "", string? attributes = null, string more = "") => RegisterDocumentAsync($$"""
        {"type":"ContextSourceRegistration","mode":"{{mode}}","information":[{"entities":[{"type":"{{Type}}"{{(selector.Length > 0 ? selector : $",\"idPattern\":\"{Type}\"")}}}]{{(attributes is null ? "" : $",\"propertyNames\":[{attributes}]")}}}],"endpoint":"{{Source.Address}}/source"{{more}}}
        """);

    /// <param name="document">The whole registration.</param>
    protected async Task RegisterDocumentAsync(string document)
    {
        using var created = await Broker.DoAsync("POST", "/csourceRegistrations", document);
        registrations.Add(created.Headers.Location!.ToString().Split('/')[^1]);
    }

    protected string Entity(params string[] attributes) => $$"""{"id":"{{Id}}","type":"{{Type}}",{{string.Join(',', attributes)}}}""";
}
