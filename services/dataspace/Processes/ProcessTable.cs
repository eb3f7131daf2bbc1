using System.Text.Json.Nodes;
using Dapper;
using LivingCity.Dataspace.Protocol;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Dataspace.Processes;

/// <summary>The table in which one kind of process is kept.</summary>
/// <param name="name">The kind's name, which is its table's.</param>
/// <param name="columns">What is read of a row.</param>
/// <typeparam name="TRow">The kind of process.</typeparam>
internal sealed class ProcessTable<TRow>(string name, string columns)
    where TRow : ProcessRow
{
    public string Name => name;

    /// <summary>What is read of a row.</summary>
    public string Columns => columns;

    /// <summary>The row as it is now, in one round trip.</summary>
    public Task<TRow?> PeekAsync(Database database, string tenant, string id, CancellationToken cancellationToken) =>
        database.ReadAsync(tenant, [Selection(tenant, id, "")], rows => ReadAsync(rows, cancellationToken), cancellationToken);

    /// <summary>Begins a transaction that holds the row, in one round trip.</summary>
    public Task<(Work Work, TRow? Row)> BeginAsync(Database database, string tenant, string id, CancellationToken cancellationToken) =>
        database.BeginAsync(tenant, [Selection(tenant, id, "FOR UPDATE")], rows => ReadAsync(rows, cancellationToken), cancellationToken);

    /// <summary>The row, locked until the end of the transaction.</summary>
    public Task<TRow?> LockAsync(Work work, string id, CancellationToken cancellationToken) => SelectAsync(work, id, "FOR UPDATE", cancellationToken);

    public Task<TRow?> FindAsync(Work work, string id, CancellationToken cancellationToken) => SelectAsync(work, id, "", cancellationToken);

    /// <summary>The row of a process in which the caller takes part.</summary>
    /// <exception cref="ProtocolException">There is none for this caller (404).</exception>
    public async Task<TRow> ShownAsync(HttpContext http, Database database, string id)
    {
        var peer = await http.RequirePeerAsync();
        var tenant = await ProcessRows.TenantOfAsync(database, name, id, peer.Id, http.RequestAborted) ?? throw ProtocolException.NotFound(name);
        return await PeekAsync(database, tenant, id, http.RequestAborted) ?? throw ProtocolException.NotFound(name);
    }

    /// <summary>Begins a transaction that holds the row of a process in which the caller takes part.</summary>
    /// <exception cref="ProtocolException">There is none for this caller (404).</exception>
    public async Task<(Work Work, TRow Row)> TakenAsync(HttpContext http, Database database, string id, string peer, JsonObject message)
    {
        var tenant = await ProcessRows.TenantOfAsync(database, name, id, peer, http.RequestAborted) ?? throw ProtocolException.NotFound(name, message);
        var (work, row) = await BeginAsync(database, tenant, id, http.RequestAborted);
        if (row is not null)
        {
            return (work, row);
        }

        await work.DisposeAsync();
        throw ProtocolException.NotFound(name, message);
    }

    public static async Task<TRow?> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken) => await rows.ReadAsync(cancellationToken) ? rows.GetRowParser<TRow>()(rows) : null;

    private NpgsqlBatchCommand Selection(string tenant, string id, string suffix) => new($"SELECT {columns} FROM {name} WHERE tenant = $1 AND id = $2 {suffix}") { Parameters = { new() { Value = tenant }, new() { Value = id } } };

    private Task<TRow?> SelectAsync(Work work, string id, string suffix, CancellationToken cancellationToken) => work.Connection.QuerySingleOrDefaultAsync<TRow?>(new CommandDefinition(
        $"SELECT {columns} FROM {name} WHERE tenant = @tenant AND id = @id {suffix}", new { tenant = work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));
}
