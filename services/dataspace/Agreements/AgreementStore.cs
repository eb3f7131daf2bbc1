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
}

internal static class AgreementStore
{
    private const string Columns = "tenant, id, role, peer, dataset_id, negotiation_id, policy, state, finalized_at";

    public static Task<AgreementRow?> FindAgreementAsync(this Work work, string id, CancellationToken cancellationToken) => work.Connection.QuerySingleOrDefaultAsync<AgreementRow?>(new CommandDefinition(
        $"SELECT {Columns} FROM agreement WHERE tenant = @tenant AND id = @id", new { tenant = work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));

    public static async Task<IReadOnlyList<AgreementRow>> ListAgreementsAsync(this Work work, int limit, string? after, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<AgreementRow>(new CommandDefinition(
            $"SELECT {Columns} FROM agreement WHERE tenant = @tenant AND (@after::text IS NULL OR id < @after) ORDER BY id DESC LIMIT @limit", new { tenant = work.Tenant, limit, after }, work.Transaction, cancellationToken: cancellationToken))).AsList();
}
