using Dapper;
using LivingCity.Contracts.Dataspace;
using LivingCity.Dataspace.Processes;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Negotiation;

internal static class NegotiationStore
{
    public static readonly ProcessTable<NegotiationRow> Table = new(DueSteps.Negotiation, """
        tenant, id, role, peer, peer_pid, peer_address, dataset_id, offer_id, state, terms, terms_by, asked, agreement, approval, held, reason, steps, pending, claimed_until, attempts, created_at, changed_at
        """);

    public static Task<NegotiationRow?> LockNegotiationAsync(this Work work, string id, CancellationToken cancellationToken) => Table.LockAsync(work, id, cancellationToken);

    public static Task<NegotiationRow?> FindNegotiationAsync(this Work work, string id, CancellationToken cancellationToken) => Table.FindAsync(work, id, cancellationToken);

    /// <summary>Begins a transaction that adds a negotiation, unless the peer has begun it before.</summary>
    /// <returns>The transaction, and the negotiation as it is stored.</returns>
    public static Task<(Work Work, NegotiationRow Row)> AddAsync(Database database, NegotiationRow row, CancellationToken cancellationToken) => database.BeginAsync(
        row.Tenant,
        [
            new("""
                INSERT INTO negotiation (tenant, id, role, peer, peer_pid, peer_address, dataset_id, offer_id, state, terms, terms_by, asked, agreement, approval, held, reason, pending, created_at, changed_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
                ON CONFLICT (peer, role, peer_pid) WHERE peer_pid IS NOT NULL DO NOTHING
                """)
            {
                Parameters =
                {
                    Sql.Text(row.Tenant), Sql.Text(row.Id), Sql.Text(row.Role), Sql.Text(row.Peer), Sql.Text(row.PeerPid), Sql.Text(row.PeerAddress), Sql.Text(row.DatasetId), Sql.Text(row.OfferId), Sql.Text(row.State),
                    Sql.Json(row.Terms), Sql.Text(row.TermsBy), Sql.Json(row.Asked), Sql.Json(row.Agreement), Sql.Text(row.Approval), new() { Value = row.Held }, Sql.Text(row.Reason), Sql.Json(row.Pending),
                    Sql.Time(row.CreatedAt), Sql.Time(row.ChangedAt),
                },
            },
            new($"SELECT {Table.Columns} FROM negotiation WHERE peer = $1 AND role = $2 AND peer_pid = $3 AND id <> $4")
            {
                Parameters = { Sql.Text(row.Peer), Sql.Text(row.Role), Sql.Text(row.PeerPid), Sql.Text(row.Id) },
            },
        ],
        async rows => await ProcessTable<NegotiationRow>.ReadAsync(rows, cancellationToken) ?? row, // an insertion has no result to step over
        cancellationToken);

    /// <summary>Saves a negotiation when the transaction commits.</summary>
    public static void Save(this Work work, NegotiationRow row) => work.AtCommit("""
        UPDATE negotiation SET peer_pid = $3, state = $4, terms = $5, terms_by = $6, asked = $7, agreement = $8, held = $9, reason = $10, steps = $11,
            pending = $12, claimed_until = $13, attempts = $14, changed_at = $15
        WHERE tenant = $1 AND id = $2
        """,
        Sql.Text(row.Tenant), Sql.Text(row.Id), Sql.Text(row.PeerPid), Sql.Text(row.State), Sql.Json(row.Terms), Sql.Text(row.TermsBy), Sql.Json(row.Asked), Sql.Json(row.Agreement), row.Held, Sql.Text(row.Reason),
        row.Steps, Sql.Json(row.Pending), Sql.Time(row.ClaimedUntil), row.Attempts, Sql.Time(row.ChangedAt));

    public static async Task<IReadOnlyList<NegotiationRow>> ListNegotiationsAsync(this Work work, int limit, string? after, string? state, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<NegotiationRow>(new CommandDefinition(
            $"SELECT {Table.Columns} FROM negotiation WHERE tenant = @tenant AND (@after::text IS NULL OR id < @after) AND (@state::text IS NULL OR state = @state) ORDER BY id DESC LIMIT @limit",
            new { tenant = work.Tenant, limit, after, state }, work.Transaction, cancellationToken: cancellationToken))).AsList();

    /// <summary>Puts the next step on the bus when this work commits.</summary>
    public static void Advanced(this Work work, NegotiationRow row, DateTimeOffset now) => work.Publish(new NegotiationAdvanced(row.Tenant, row.Id, now, row.Told), row.Id);

    /// <summary>Records the agreement of a finalized negotiation, once.</summary>
    public static async Task ConcludeAsync(this Work work, NegotiationRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var agreement = System.Text.Json.Nodes.JsonNode.Parse(row.Agreement!)!.AsObject();
        var id = (string)agreement["@id"]!;
        var added = await work.Connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO agreement (tenant, id, role, peer, dataset_id, negotiation_id, policy, state, finalized_at)
            VALUES (@Tenant, @agreementId, @Role, @Peer, @DatasetId, @Id, @Agreement::jsonb, 'active', @now) ON CONFLICT DO NOTHING
            """, new { row.Tenant, agreementId = id, row.Role, row.Peer, row.DatasetId, row.Id, row.Agreement, now = now.UtcDateTime }, work.Transaction, cancellationToken: cancellationToken));
        if (added == 1)
        {
            work.Publish(new AgreementFinalized(row.Tenant, id, row.DatasetId, (string)agreement["assigner"]!, (string)agreement["assignee"]!, now), id);
        }
    }
}
