using Dapper;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Dataspace.Trust.Issuance;

/// <summary>Delivers decided credentials, or the refusal, to the holders' credential services, with back-off while one does not answer. Replicas share the work; a delivery that is repeated after a crash is refused there and does no harm.</summary>
internal sealed partial class IssuanceDelivery(Database database, ParticipantKey key, DidResolver dids, TrustClient client, IdTokens tokens, TimeProvider time, ILogger<IssuanceDelivery> logger) : BackgroundService
{
    private const int MaxAttempts = 50;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Longer than one delivery takes.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!key.IsThere)
        {
            return;
        }

        await database.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Tick, time);
        do
        {
            try
            {
                while (await DeliverOneAsync(stoppingToken))
                {
                }
            }
            catch (NpgsqlException exception)
            {
                Postponed(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> DeliverOneAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not { } row)
        {
            return false;
        }

        try
        {
            var service = (await dids.ResolveAsync(row.Holder, cancellationToken)).Service("CredentialService") ?? throw new TrustException("The holder's DID document names no credential service.");
            await client.PostAsync(service.TrimEnd('/') + "/credentials", "credential service", tokens.Make(row.Holder, row.Access), row.Message!, cancellationToken);
            await SetDueAsync(row.IssuerPid, null, isDelivered: true, cancellationToken);
        }
        catch (Exception exception) when (exception is TrustException or System.Text.Json.JsonException)
        {
            Postponed(logger, exception.Message);
            DateTimeOffset? next = row.Attempts >= MaxAttempts ? null : time.GetUtcNow() + TimeSpan.FromSeconds(Math.Min(600, Math.Pow(2, row.Attempts)));
            await SetDueAsync(row.IssuerPid, next, isDelivered: false, cancellationToken);
        }

        return true;
    }

    private async Task<Issuance?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        var now = time.GetUtcNow();
        var row = await work.Connection.QuerySingleOrDefaultAsync<Issuance>(new CommandDefinition($"""
            UPDATE issuance SET due_at = @until, attempts = attempts + 1
            WHERE issuer_pid = (SELECT issuer_pid FROM issuance WHERE due_at <= @now ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING {Issuer.Columns}
            """, new { now = now.UtcDateTime, until = (now + Claim).UtcDateTime }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
        return row;
    }

    /// <summary>What is given up keeps its message: it was not delivered, and people see that.</summary>
    private async Task SetDueAsync(string issuerPid, DateTimeOffset? due, bool isDelivered, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await work.Connection.ExecuteAsync(new CommandDefinition(
            "UPDATE issuance SET due_at = @due, message = CASE WHEN @isDelivered THEN NULL ELSE message END WHERE issuer_pid = @issuerPid", new { issuerPid, due = due?.UtcDateTime, isDelivered }, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
    }

    [LoggerMessage(3130, LogLevel.Warning, "Credentials are delivered later: {Reason}")]
    private static partial void Postponed(ILogger logger, string reason);
}
