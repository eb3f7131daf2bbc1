using Dapper;
using LivingCity.Contracts.Dataspace;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Transfer;

internal static class TransferStore
{
    private const string Columns = """
        tenant, id, role, peer, peer_pid, peer_address, agreement_id, dataset_id, format, state, data_address, token_sha256, purpose, expires_at, stopped_by_officer, reason, steps, pending, claimed_until,
        attempts, created_at, changed_at
        """;

    /// <summary>The row as it is now, in one round trip.</summary>
    public static Task<TransferRow?> PeekAsync(Database database, string tenant, string id, CancellationToken cancellationToken) => database.ReadAsync(
        tenant,
        [new($"SELECT {Columns} FROM transfer WHERE tenant = $1 AND id = $2") { Parameters = { new() { Value = tenant }, new() { Value = id } } }],
        async rows => await rows.ReadAsync(cancellationToken) ? rows.GetRowParser<TransferRow>()(rows) : null,
        cancellationToken);

    /// <summary>The row, locked until the end of the transaction.</summary>
    public static Task<TransferRow?> LockTransferAsync(this Work work, string id, CancellationToken cancellationToken) => work.Connection.QuerySingleOrDefaultAsync<TransferRow?>(new CommandDefinition(
        $"SELECT {Columns} FROM transfer WHERE tenant = @tenant AND id = @id FOR UPDATE", new { tenant = work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));

    public static Task<TransferRow?> FindTransferAsync(this Work work, string id, CancellationToken cancellationToken) => work.Connection.QuerySingleOrDefaultAsync<TransferRow?>(new CommandDefinition(
        $"SELECT {Columns} FROM transfer WHERE tenant = @tenant AND id = @id", new { tenant = work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));

    public static async Task<IReadOnlyList<TransferRow>> ListTransfersAsync(this Work work, int limit, string? after, string? agreement, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<TransferRow>(new CommandDefinition(
            $"SELECT {Columns} FROM transfer WHERE tenant = @tenant AND (@after::text IS NULL OR id < @after) AND (@agreement::text IS NULL OR agreement_id = @agreement) ORDER BY id DESC LIMIT @limit",
            new { tenant = work.Tenant, limit, after, agreement }, work.Transaction, cancellationToken: cancellationToken))).AsList();

    public static async Task<IReadOnlyList<string>> OpenTransfersAsync(this Work work, string agreement, CancellationToken cancellationToken) => (await work.Connection.QueryAsync<string>(new CommandDefinition(
        "SELECT id FROM transfer WHERE tenant = @tenant AND agreement_id = @agreement AND state NOT IN ('COMPLETED', 'TERMINATED') ORDER BY id", new { tenant = work.Tenant, agreement }, work.Transaction, cancellationToken: cancellationToken))).AsList();

    /// <summary>Adds a transfer, unless the peer has begun it before.</summary>
    public static async Task<(TransferRow Row, bool IsNew)> AddTransferAsync(this Work work, TransferRow row, CancellationToken cancellationToken)
    {
        var added = await work.Connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO transfer (tenant, id, role, peer, peer_pid, peer_address, agreement_id, dataset_id, format, state, data_address, token_sha256, purpose, expires_at, reason, pending, created_at, changed_at)
            VALUES (@Tenant, @Id, @Role, @Peer, @PeerPid, @PeerAddress, @AgreementId, @DatasetId, @Format, @State, @DataAddress::jsonb, @TokenSha256, @Purpose, @ExpiresAt, @Reason, @Pending::jsonb, @CreatedAt, @ChangedAt)
            ON CONFLICT (peer, role, peer_pid) WHERE peer_pid IS NOT NULL DO NOTHING
            """, row, work.Transaction, cancellationToken: cancellationToken));
        return added == 1 ? (row, true) : (await work.Connection.QuerySingleAsync<TransferRow>(new CommandDefinition(
            $"SELECT {Columns} FROM transfer WHERE peer = @Peer AND role = @Role AND peer_pid = @PeerPid", row, work.Transaction, cancellationToken: cancellationToken)), false);
    }

    public static Task SaveTransferAsync(this Work work, TransferRow row, CancellationToken cancellationToken) => work.Connection.ExecuteAsync(new CommandDefinition("""
        UPDATE transfer SET peer_pid = @PeerPid, state = @State, data_address = @DataAddress::jsonb, token_sha256 = @TokenSha256, expires_at = @ExpiresAt, stopped_by_officer = @StoppedByOfficer, reason = @Reason,
            steps = @Steps, pending = @Pending::jsonb, claimed_until = @ClaimedUntil, attempts = @Attempts, changed_at = @ChangedAt
        WHERE tenant = @Tenant AND id = @Id
        """, row, work.Transaction, cancellationToken: cancellationToken));

    /// <summary>Puts the next step on the bus when this work commits.</summary>
    public static void Advanced(this Work work, TransferRow row, DateTimeOffset now) => work.Publish(new TransferAdvanced(row.Tenant, row.Id, now, row.Told), row.Id);

    /// <summary>Tells the platform that a data plane has closed, when it has.</summary>
    public static void PublishRevocation(this Work work, TransferRow row, string before, DateTimeOffset now)
    {
        if (before == TransferState.Started && row.State != TransferState.Started)
        {
            work.Publish(new AccessRevoked(row.Tenant, row.AgreementId, row.Id, row.State.ToLowerInvariant(), now), row.AgreementId);
        }
    }
}
