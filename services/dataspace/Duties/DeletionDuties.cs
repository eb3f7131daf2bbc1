using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Contracts.Dataspace;
using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Ledger;
using LivingCity.Dataspace.Policies;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Duties;

/// <summary>
/// Data that an agreement wants deleted after a while. The duty begins with the first use, on both sides; it ends when the consumer attests that the data is gone, and is late when that has not happened
/// in time. Nobody can see into another's house: the attestation is a word, and stands in both ledgers.
/// </summary>
internal static class DeletionDuties
{
    /// <summary>Notes that data was handed out, or had, that must be deleted this long after. An earlier duty stays: it is due first.</summary>
    public static Task BeginDeletionAsync(this Work work, string agreement, string role, DateTimeOffset due, CancellationToken cancellationToken) => work.Connection.ExecuteAsync(new CommandDefinition("""
        INSERT INTO deletion_duty (tenant, agreement_id, role, due_at) VALUES (@tenant, @agreement, @role, @due) ON CONFLICT DO NOTHING
        """, new { tenant = work.Tenant, agreement, role, due = due.UtcDateTime }, work.Transaction, cancellationToken: cancellationToken));

    /// <summary>The same for this agreement, if its policy knows such a duty.</summary>
    public static async Task BeginDeletionAsync(this Work work, string agreement, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await work.FindAgreementAsync(agreement, cancellationToken) is { } row && PolicyEvaluator.DeleteAfter(PolicyJson.Read(row.Policy)) is { } period)
        {
            await work.BeginDeletionAsync(agreement, row.Role, now + period, cancellationToken);
        }
    }

    /// <summary>Takes the consumer's word that the data is gone: on its own side the data that it still keeps here goes first.</summary>
    /// <returns>False when there was no such duty.</returns>
    public static async Task<bool> AttestAsync(this Work work, AgreementRow agreement, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = await work.Connection.ExecuteAsync(new CommandDefinition("DELETE FROM deletion_duty WHERE tenant = @Tenant AND agreement_id = @Id", new { work.Tenant, agreement.Id }, work.Transaction, cancellationToken: cancellationToken));
        if (ended == 0)
        {
            return false;
        }

        await work.Connection.ExecuteAsync(new CommandDefinition("""
            DELETE FROM received WHERE tenant = @Tenant AND transfer_id IN (SELECT id FROM transfer WHERE tenant = @Tenant AND agreement_id = @Id AND role = 'consumer')
            """, new { work.Tenant, agreement.Id }, work.Transaction, cancellationToken: cancellationToken));
        await work.NoteAsync(agreement.Id, agreement.Peer, "deleted", new JsonObject { ["dataset"] = agreement.DatasetId, ["by"] = by }.ToJsonString(), now, cancellationToken);
        return true;
    }

    /// <summary>Marks what has become late, and tells of it.</summary>
    public static async Task<int> MarkLateAsync(Database database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<(string Tenant, string AgreementId)> late;
        await using (var work = await database.BeginAsync(null, cancellationToken))
        {
            late = (await work.Connection.QueryAsync<(string, string)>(new CommandDefinition(
                "SELECT tenant, agreement_id FROM deletion_duty WHERE due_at <= @now AND late_since IS NULL ORDER BY due_at LIMIT 200", new { now = now.UtcDateTime }, work.Transaction, cancellationToken: cancellationToken))).AsList();
        }

        foreach (var (tenant, id) in late)
        {
            await using var work = await database.BeginAsync(tenant, cancellationToken);
            var due = await work.Connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
                "UPDATE deletion_duty SET late_since = @now WHERE tenant = @tenant AND agreement_id = @id AND late_since IS NULL RETURNING due_at", new { now = now.UtcDateTime, tenant, id }, work.Transaction, cancellationToken: cancellationToken));
            if (due is { } at && await work.FindAgreementAsync(id, cancellationToken) is { } agreement)
            {
                await work.NoteAsync(id, agreement.Peer, "overdue", new JsonObject { ["dataset"] = agreement.DatasetId, ["due"] = at.ToString("O", System.Globalization.CultureInfo.InvariantCulture) }.ToJsonString(), now, cancellationToken);
                work.Publish(new DeletionOverdue(tenant, id, agreement.DatasetId, agreement.Peer, agreement.Role, new DateTimeOffset(at, TimeSpan.Zero)), id);
                await work.CommitAsync(cancellationToken);
            }
        }

        return late.Count;
    }
}
