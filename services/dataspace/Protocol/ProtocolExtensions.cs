using System.Text.RegularExpressions;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Conformance;
using LivingCity.Dataspace.Duties;
using LivingCity.Dataspace.Ledger;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Processes;
using LivingCity.Dataspace.Transfer;
using LivingCity.Dataspace.Versions;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LivingCity.Dataspace.Protocol;

/// <summary>The connector: the Dataspace Protocol 2025-1, both sides of it.</summary>
internal static partial class ProtocolExtensions
{
    public static IServiceCollection AddConnector(this IServiceCollection services)
    {
        services.AddOptions<ParticipantSettings>().BindConfiguration("Participant").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ConformanceSettings>().BindConfiguration("Conformance");
        services.AddOptions<ClientSettings>().BindConfiguration("Authentication");
        services.TryAddSingleton<Participant>();
        services.TryAddSingleton<ConformanceProfile>();
        services.TryAddSingleton<PeerStore>();
        services.TryAddSingleton<PeerDirectory>();
        services.TryAddSingleton<PeerGate>();
        services.TryAddSingleton<PeerTokens>();
        services.TryAddSingleton<PeerClient>();
        services.TryAddSingleton<NegotiationSteps>();
        services.TryAddSingleton<PromptTelling>();
        services.TryAddSingleton<NegotiationInbox>();
        services.TryAddSingleton<NegotiationStart>();
        services.TryAddSingleton<TransferSteps>();
        services.TryAddSingleton<TransferInbox>();
        services.TryAddSingleton<TransferStart>();
        services.AddHostedService<DueSteps>();
        services.TryAddSingleton<ToldNotes>();
        services.AddHostedService(provider => provider.GetRequiredService<ToldNotes>());
        services.AddHostedService<PeerSeeder>();
        services.AddOptions<Federation.FederationSettings>().BindConfiguration("Federation");
        services.AddHostedService<Federation.CatalogueCrawler>();
        services.TryAddSingleton<ConformanceSeeder>();
        services.AddHostedService(provider => provider.GetRequiredService<ConformanceSeeder>());
        services.AddHealthChecks().AddCheck<ConformanceSeeder>("conformance", tags: ["ready"]);
        return services;
    }

    public static void MapConnector(this WebApplication app)
    {
        // Asked for at start, so that a profile outside Development stops it.
        app.MapConformance();
        app.MapVersions();
        var protocol = app.MapGroup(Dsp.Path);
        protocol.MapCatalogProtocol();
        protocol.MapNegotiations();
        protocol.MapTransfers();
        protocol.MapPeerLedger();
        protocol.MapPeerDuties();
    }

    /// <summary>Peers join addresses with more or fewer slashes than there should be: <c>//</c> is one, and one at the end is none.</summary>
    public static void UseForgivingPaths(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.Value is { } path && path.StartsWith('/') && (path.Contains("//", StringComparison.Ordinal) || path.Length > 1) && path.TrimStart('/') is var rest && (rest.StartsWith("dsp/", StringComparison.Ordinal) || rest.StartsWith(".well-known/", StringComparison.Ordinal)))
        {
            // The id of a dataset may have slashes of its own, and two of them after its scheme.
            var dataset = Dataset().Match(path);
            context.Request.Path = "/" + string.Join('/', (dataset.Success ? dataset.Groups[1].Value : path).Split('/', StringSplitOptions.RemoveEmptyEntries)) + (dataset.Success ? $"/{dataset.Groups[2].Value}" : "");
        }

        return next(context);
    });

    [GeneratedRegex("^(.*?/+catalog/+datasets)/+(.+?)/*$")]
    private static partial Regex Dataset();

    /// <summary>Writes the participants that the configuration names.</summary>
    private sealed class PeerSeeder(Database database, PeerStore peers, Microsoft.Extensions.Options.IOptions<ParticipantSettings> settings) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await database.Ready.WaitAsync(stoppingToken);
            foreach (var peer in settings.Value.Peers.Where(peer => peer.Id != settings.Value.Id))
            {
                await peers.PutAsync(new Peer { Id = peer.Id, Name = peer.Name, Address = peer.Address, Client = peer.Client }, stoppingToken);
            }
        }
    }
}
