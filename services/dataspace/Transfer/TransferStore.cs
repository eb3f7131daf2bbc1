using Dapper;
using LivingCity.Contracts.Dataspace;
using LivingCity.Dataspace.Processes;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Transfer;

internal static class TransferStore
{
    public static readonly ProcessTable<TransferRow> Table = new(DueSteps.Transfer, """
        tenant, id, role, peer, peer_pid, peer_address, agreement_id, dataset_id, format, state, data_address, token_sha256, purpose, expires_at, stopped_by_officer, reason, steps, pending, claimed_until,
        attempts, created_at, changed_at
        """);

    public static Task<TransferRow?> LockTransferAsync(this Work work, string id, CancellationToken cancellationToken) => Table.LockAsync(work, id, cancellationToken);

    public static Task<TransferRow?> FindTransferAsync(this Work work, string id, CancellationToken cancellationToken) => Table.FindAsync(work, id, cancellationToken);

    public static async Task<IReadOnlyList<TransferRow>> ListTransfersAsync(this Work work, int limit, string? after, string? agreement, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<TransferRow>(new CommandDefinition(
            $"SELECT {Table.Columns} FROM transfer WHERE tenant = @tenant AND (@after::text IS NULL OR id < @after) AND (@agreement::text IS NULL OR agreement_id = @agreement) ORDER BY id DESC LIMIT @limit",
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
            $"SELECT {Table.Columns} FROM transfer WHERE peer = @Peer AND role = @Role AND peer_pid = @PeerPid", row, work.Transaction, cancellationToken: cancellationToken)), false);
    }

    /// <summary>Saves a transfer when the transaction commits.</summary>
    public static void Save(this Work work, TransferRow row) => work.AtCommit("""
        UPDATE transfer SET peer_pid = $3, state = $4, data_address = $5, token_sha256 = $6, expires_at = $7, stopped_by_officer = $8, reason = $9, steps = $10, pending = $11, claimed_until = $12, attempts = $13, changed_at = $14
        WHERE tenant = $1 AND id = $2
        """,
        Sql.Text(row.Tenant), Sql.Text(row.Id), Sql.Text(row.PeerPid), Sql.Text(row.State), Sql.Json(row.DataAddress), Sql.Bytes(row.TokenSha256), Sql.Time(row.ExpiresAt), row.StoppedByOfficer, Sql.Text(row.Reason),
        row.Steps, Sql.Json(row.Pending), Sql.Time(row.ClaimedUntil), row.Attempts, Sql.Time(row.ChangedAt));

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
