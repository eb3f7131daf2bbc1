using Dapper;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Agreements;

/// <summary>Whether data may flow under an agreement.</summary>
internal static class AgreementState
{
    public const string Active = "active";
    public const string Suspended = "suspended";
    public const string Terminated = "terminated";
}

/// <summary>A finalized agreement, as this side keeps it.</summary>
internal sealed record AgreementRow
{
    public required string Tenant { get; init; }

    public required string Id { get; init; }

    public required string Role { get; init; }

    public required string Peer { get; init; }

    public required string DatasetId { get; init; }

    public required string NegotiationId { get; init; }

    /// <summary>JSON of the agreement.</summary>
    public required string Policy { get; init; }

    public required string State { get; init; }

    public DateTime FinalizedAt { get; init; }

    /// <summary>When data that was had under it must be deleted, where that is so.</summary>
    public DateTime? DeletionDueAt { get; init; }

    /// <summary>Since when that is late.</summary>
    public DateTime? DeletionLateSince { get; init; }
}

internal static class AgreementStore
{
    private const string Columns = "tenant, id, role, peer, dataset_id, negotiation_id, policy, state, finalized_at";

    private const string View = """
        SELECT a.tenant, a.id, a.role, a.peer, a.dataset_id, a.negotiation_id, a.policy, a.state, a.finalized_at, d.due_at AS deletion_due_at, d.late_since AS deletion_late_since
        FROM agreement a LEFT JOIN deletion_duty d ON d.tenant = a.tenant AND d.agreement_id = a.id
        """;

    public static Task<AgreementRow?> FindAgreementAsync(this Work work, string id, CancellationToken cancellationToken) => work.Connection.QuerySingleOrDefaultAsync<AgreementRow?>(new CommandDefinition(
        $"SELECT {Columns} FROM agreement WHERE tenant = @tenant AND id = @id", new { tenant = work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));

    /// <summary>The same with what is to be deleted, for people.</summary>
    public static Task<AgreementRow?> ViewAgreementAsync(this Work work, string id, CancellationToken cancellationToken) => work.Connection.QuerySingleOrDefaultAsync<AgreementRow?>(new CommandDefinition(
        $"{View} WHERE a.tenant = @tenant AND a.id = @id", new { tenant = work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));

    /// <summary>Where the other side of an agreement is: where it was when it was negotiated.</summary>
    public static Task<string?> AddressOfPeerAsync(this Work work, AgreementRow? agreement, CancellationToken cancellationToken) => work.Connection.ExecuteScalarAsync<string?>(new CommandDefinition(
        "SELECT peer_address FROM negotiation WHERE tenant = @tenant AND id = @negotiation", new { tenant = work.Tenant, negotiation = agreement?.NegotiationId }, work.Transaction, cancellationToken: cancellationToken));

    public static async Task<IReadOnlyList<AgreementRow>> ListAgreementsAsync(this Work work, int limit, string? after, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<AgreementRow>(new CommandDefinition(
            $"{View} WHERE a.tenant = @tenant AND (@after::text IS NULL OR a.id < @after) ORDER BY a.id DESC LIMIT @limit", new { tenant = work.Tenant, limit, after }, work.Transaction, cancellationToken: cancellationToken))).AsList();
}
