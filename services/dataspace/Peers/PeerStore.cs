using Dapper;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Peers;

/// <summary>The participants that this connector knows. They are the connector's, not a city's.</summary>
internal sealed class PeerStore(Database database)
{
    private const string Columns = "id, name, address, client, active";

    public async Task<Peer?> FindAsync(string id, CancellationToken cancellationToken) => await FindEvenShutOutAsync(id, cancellationToken) is { Active: true } peer ? peer : null;

    public async Task<Peer?> FindEvenShutOutAsync(string id, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return await work.Connection.QuerySingleOrDefaultAsync<Peer>(new CommandDefinition($"SELECT {Columns} FROM peer WHERE id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken));
    }

    public async Task<Peer?> FindByClientAsync(string client, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return await work.Connection.QueryFirstOrDefaultAsync<Peer>(new CommandDefinition(
            $"SELECT {Columns} FROM peer WHERE client = @client AND active", new { client }, work.Transaction, cancellationToken: cancellationToken));
    }

    public async Task<IReadOnlyList<Peer>> ListAsync(CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        return (await work.Connection.QueryAsync<Peer>(new CommandDefinition($"SELECT {Columns} FROM peer ORDER BY id", transaction: work.Transaction, cancellationToken: cancellationToken))).AsList();
    }

    public async Task PutAsync(Peer peer, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await work.Connection.ExecuteAsync(new CommandDefinition("""
            INSERT INTO peer (id, name, address, client, active) VALUES (@Id, @Name, @Address, @Client, @Active)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, address = excluded.address, client = excluded.client, active = excluded.active
            """, peer, work.Transaction, cancellationToken: cancellationToken));
        await work.CommitAsync(cancellationToken);
    }
}
