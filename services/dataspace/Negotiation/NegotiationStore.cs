using Dapper;
using LivingCity.Contracts.Dataspace;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Negotiation;

internal static class NegotiationStore
{
    private const string Columns = """
        tenant, id, role, peer, peer_pid, peer_address, dataset_id, offer_id, state, terms, terms_by, asked, agreement, approval, held, reason, steps, pending, claimed_until, attempts, created_at, changed_at
        """;

    /// <summary>The row as it is now, in one round trip.</summary>
    public static Task<NegotiationRow?> PeekAsync(Database database, string tenant, string id, CancellationToken cancellationToken) => database.ReadAsync(
        tenant,
        [new($"SELECT {Columns} FROM negotiation WHERE tenant = $1 AND id = $2") { Parameters = { new() { Value = tenant }, new() { Value = id } } }],
        async rows => await rows.ReadAsync(cancellationToken) ? rows.GetRowParser<NegotiationRow>()(rows) : null,
        cancellationToken);

    /// <summary>The row, locked until the end of the transaction.</summary>
    public static Task<NegotiationRow?> LockNegotiationAsync(this Work work, string id, CancellationToken cancellationToken) =>
        work.Connection.QuerySingleOrDefaultAsync<NegotiationRow?>(new CommandDefinition(
            $"SELECT {Columns} FROM negotiation WHERE tenant = @tenant AND id = @id FOR UPDATE", new { tenant = work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));

    public static Task<NegotiationRow?> FindNegotiationAsync(this Work work, string id, CancellationToken cancellationToken) =>
        work.Connection.QuerySingleOrDefaultAsync<NegotiationRow?>(new CommandDefinition(
            $"SELECT {Columns} FROM negotiation WHERE tenant = @tenant AND id = @id", new { tenant = work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));

    /// <summary>Adds a negotiation, unless the peer has begun it before.</summary>
    /// <returns>The negotiation as it is stored.</returns>
    public static async Task<(NegotiationRow Row, bool IsNew)> AddNegotiationAsync(this Work work, NegotiationRow row, CancellationToken cancellationToken)
    {
        var added = await work.Connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO negotiation (tenant, id, role, peer, peer_pid, peer_address, dataset_id, offer_id, state, terms, terms_by, asked, agreement, approval, held, reason, pending, created_at, changed_at)
            VALUES (@Tenant, @Id, @Role, @Peer, @PeerPid, @PeerAddress, @DatasetId, @OfferId, @State, @Terms::jsonb, @TermsBy, @Asked::jsonb, @Agreement::jsonb, @Approval, @Held, @Reason, @Pending::jsonb, @CreatedAt, @ChangedAt)
            ON CONFLICT (peer, role, peer_pid) WHERE peer_pid IS NOT NULL DO NOTHING
            """, row, work.Transaction, cancellationToken: cancellationToken));
        return added == 1 ? (row, true) : (await work.Connection.QuerySingleAsync<NegotiationRow>(new CommandDefinition(
            $"SELECT {Columns} FROM negotiation WHERE peer = @Peer AND role = @Role AND peer_pid = @PeerPid", row, work.Transaction, cancellationToken: cancellationToken)), false);
    }

    public static Task SaveNegotiationAsync(this Work work, NegotiationRow row, CancellationToken cancellationToken) => work.Connection.ExecuteAsync(new CommandDefinition("""
        UPDATE negotiation SET peer_pid = @PeerPid, state = @State, terms = @Terms::jsonb, terms_by = @TermsBy, asked = @Asked::jsonb, agreement = @Agreement::jsonb, held = @Held, reason = @Reason, steps = @Steps,
            pending = @Pending::jsonb, claimed_until = @ClaimedUntil, attempts = @Attempts, changed_at = @ChangedAt
        WHERE tenant = @Tenant AND id = @Id
        """, row, work.Transaction, cancellationToken: cancellationToken));

    public static async Task<IReadOnlyList<NegotiationRow>> ListNegotiationsAsync(this Work work, int limit, string? after, string? state, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<NegotiationRow>(new CommandDefinition(
            $"SELECT {Columns} FROM negotiation WHERE tenant = @tenant AND (@after::text IS NULL OR id < @after) AND (@state::text IS NULL OR state = @state) ORDER BY id DESC LIMIT @limit",
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
