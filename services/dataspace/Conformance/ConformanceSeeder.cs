using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Negotiation;
using LivingCity.Dataspace.Peers;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LivingCity.Dataspace.Conformance;

/// <summary>Puts the profile's datasets, offers and agreements into the database, as the file has them now. The service is ready when they are there.</summary>
internal sealed class ConformanceSeeder(Database database, ConformanceProfile profile, Participant participant, TimeProvider time) : BackgroundService, IHealthCheck
{
    private volatile bool isDone = profile.File is null;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(isDone ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The conformance profile is not seeded yet."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (profile.File is not { } file)
        {
            return;
        }

        await database.Ready.WaitAsync(stoppingToken);
        await using var work = await database.BeginAsync(file.City, stoppingToken);
        foreach (var dataset in file.Datasets.Where(dataset => dataset.Offers.Count > 0))
        {
            await SeedAsync(work, dataset, stoppingToken);
        }

        foreach (var agreement in file.Agreements)
        {
            await SeedAsync(work, agreement, file.Counterparty, stoppingToken);
        }

        await work.CommitAsync(stoppingToken);
        isDone = true;
    }

    private async Task SeedAsync(Work work, ConformanceDataset dataset, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await work.Connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO dataset (tenant, id, title, description, keywords, theme, access_path, media_type, license, synthetic, issued_at, described_at)
            VALUES (@Tenant, @Id, '{"en": "Conformance dataset"}', '{"en": "Seeded for a conformance kit."}', '{conformance}', 'TECH', '/', 'application/json', 'http://publications.europa.eu/resource/authority/licence/CC0', true, @now, @now)
            ON CONFLICT DO NOTHING
            """, new { work.Tenant, dataset.Id, now }, work.Transaction, cancellationToken: cancellationToken));
        foreach (var offer in dataset.Offers)
        {
            await work.Connection.ExecuteAsync(new CommandDefinition("""
                INSERT INTO offer (tenant, id, dataset_id, policy, approval, created_at) VALUES (@Tenant, @offer, @Id, '{"permission": [{"action": "use"}]}', @manual, @now)
                ON CONFLICT (tenant, id) DO UPDATE SET dataset_id = excluded.dataset_id
                """, new { work.Tenant, offer, dataset.Id, manual = Approval.Manual, now }, work.Transaction, cancellationToken: cancellationToken));
        }
    }

    private async Task SeedAsync(Work work, ConformanceAgreement agreement, string counterparty, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var isProvider = agreement.Role == Role.Provider;
        var policy = new JsonObject
        {
            ["@id"] = agreement.Id,
            ["@type"] = "Agreement",
            ["target"] = agreement.DatasetId,
            ["assigner"] = isProvider ? participant.Id : counterparty,
            ["assignee"] = isProvider ? counterparty : participant.Id,
            ["timestamp"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["permission"] = new JsonArray(new JsonObject { ["action"] = "use" }),
        };
        await work.Connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO agreement (tenant, id, role, peer, dataset_id, negotiation_id, policy, state, finalized_at)
            VALUES (@Tenant, @Id, @Role, @counterparty, @DatasetId, @negotiation, @policy::jsonb, @state, @now)
            ON CONFLICT (tenant, id) DO UPDATE SET role = excluded.role, peer = excluded.peer, dataset_id = excluded.dataset_id, policy = excluded.policy, state = excluded.state
            """, new { work.Tenant, agreement.Id, agreement.Role, counterparty, agreement.DatasetId, negotiation = Dsp.NewId(), policy = policy.ToJsonString(), state = AgreementState.Active, now }, work.Transaction, cancellationToken: cancellationToken));
    }
}
