using System.Collections.Concurrent;
using Dapper;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Tenants;

/// <summary>Which tenants exist (ETSI GS CIM 009, clause 4.14): those that something was ever written for. Thread-safe; asks the database once for each tenant that exists.</summary>
internal sealed class TenantRegistry(Database database)
{
    private readonly ConcurrentDictionary<string, bool> known = new();

    /// <summary>Makes the work's tenant one that exists, when the work commits.</summary>
    public async ValueTask RegisterAsync(Work work, CancellationToken cancellationToken)
    {
        if (!known.ContainsKey(work.Tenant!))
        {
            await using var command = work.Command("INSERT INTO tenant (id) VALUES ($1) ON CONFLICT DO NOTHING", work.Tenant);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>To be called after the commit.</summary>
    public void Remember(string tenant) => known.TryAdd(tenant, true);

    public async ValueTask<bool> ExistsAsync(string tenant, CancellationToken cancellationToken)
    {
        if (known.ContainsKey(tenant))
        {
            return true;
        }

        await using var work = await database.BeginAsync(null, cancellationToken);
        await using var command = work.Command("SELECT EXISTS (SELECT FROM tenant WHERE id = $1)", tenant);
        return await command.ExecuteScalarAsync(cancellationToken) is true && known.TryAdd(tenant, true) | true;
    }

    /// <summary>All tenants that exist.</summary>
    public async Task<IReadOnlyList<string>> AllAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return [.. await work.Connection.QueryAsync<string>(new CommandDefinition("SELECT id FROM tenant ORDER BY id", transaction: work.Transaction, cancellationToken: cancellationToken))];
    }
}
