using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Dataspace.Processes;

internal static class ProcessRows
{
    /// <summary>The tenant of a process that this peer takes part in. Row-level security shows it no other.</summary>
    /// <param name="database">The database.</param>
    /// <param name="table">The kind of process.</param>
    /// <param name="id">This side's process id.</param>
    /// <param name="peer">The participant that asks.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<string?> TenantOfAsync(Database database, string table, string id, string peer, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(null, cancellationToken);
        await using var batch = new NpgsqlBatch(work.Connection, work.Transaction)
        {
            BatchCommands =
            {
                new("SELECT set_config('app.peer', $1, true)") { Parameters = { new() { Value = peer } } },
                new($"SELECT tenant FROM {table} WHERE id = $1 AND peer = $2") { Parameters = { new() { Value = id }, new() { Value = peer } } },
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? rows.GetString(0) : null;
    }
}
