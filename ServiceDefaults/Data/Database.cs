using LivingCity.ServiceDefaults.Messaging;
using Npgsql;

namespace LivingCity.ServiceDefaults.Data;

/// <summary>The service's own database. Everything that reads or writes a tenant's rows goes through <see cref="BeginAsync"/>.</summary>
public sealed class Database
{
    private readonly NpgsqlDataSource source;
    private readonly MigrationState migrations;
    private readonly OutboxSignal signal;
    private readonly TimeProvider time;

    internal Database(NpgsqlDataSource source, MigrationState migrations, OutboxSignal signal, TimeProvider time)
    {
        this.source = source;
        this.migrations = migrations;
        this.signal = signal;
        this.time = time;
    }

    /// <summary>Completes when the schema is up to date. Background work awaits it before its first statement.</summary>
    public Task Ready => migrations.Completed;

    /// <summary>
    /// Begins a transaction for one tenant. Row-level security sees the tenant through <c>current_setting('app.tenant', true)</c>.
    /// </summary>
    /// <param name="tenant">The tenant, or null for rows that belong to none (row-level security then hides every tenant's rows).</param>
    /// <param name="cancellationToken">Cancels the wait for a connection.</param>
    /// <exception cref="Errors.ProblemException">The schema is not up to date yet (503).</exception>
    public async Task<Work> BeginAsync(string? tenant, CancellationToken cancellationToken)
    {
        RequireReady();
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (tenant is not null)
            {
                await using var setting = new NpgsqlCommand("SELECT set_config('app.tenant', $1, true)", connection, transaction) { Parameters = { new() { Value = tenant } } };
                await setting.ExecuteNonQueryAsync(cancellationToken);
            }

            return new Work(connection, transaction, tenant, signal, time);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Begins a transaction for one tenant as <see cref="BeginAsync(string?, CancellationToken)"/> does, with its first statements in the message that begins it.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="statements">The first statements, in order.</param>
    /// <param name="read">Reads the results; the reader stands before the first row of the first statement.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.ProblemException">The schema is not up to date yet (503).</exception>
    public async Task<(Work Work, T Result)> BeginAsync<T>(string tenant, IEnumerable<NpgsqlBatchCommand> statements, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        RequireReady();
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            // Begin is not sent by itself: it goes with the first statement.
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            return (new Work(connection, transaction, tenant, signal, time), await ReadAsync(connection, tenant, statements, read, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Runs statements that only read, for one tenant, in one round trip: they are one implicit transaction, in which row-level security sees the tenant, and no message is spent
    /// on its begin and end. For reads that must be cheap; everything else goes through <see cref="BeginAsync"/>.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="statements">The statements, in order.</param>
    /// <param name="read">Reads the results; the reader stands before the first row of the first statement.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.ProblemException">The schema is not up to date yet (503).</exception>
    public async Task<T> ReadAsync<T>(string tenant, IEnumerable<NpgsqlBatchCommand> statements, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        RequireReady();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, tenant, statements, read, cancellationToken);
    }

    /// <summary>
    /// Runs statements that write, for one tenant, in one round trip: they are one implicit transaction, as with <see cref="ReadAsync"/>. For small changes of which nobody has to be told;
    /// what also publishes goes through <see cref="BeginAsync"/>.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.ProblemException">The schema is not up to date yet (503).</exception>
    public Task WriteAsync(string tenant, NpgsqlBatchCommand statement, CancellationToken cancellationToken) => ReadAsync(tenant, [statement], rows => Task.FromResult(rows.RecordsAffected), cancellationToken);

    private static async Task<T> ReadAsync<T>(NpgsqlConnection connection, string tenant, IEnumerable<NpgsqlBatchCommand> statements, Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("SELECT set_config('app.tenant', $1, true)") { Parameters = { new() { Value = tenant } } } },
        };
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(statement);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await read(reader);
    }

    private void RequireReady()
    {
        if (!migrations.Completed.IsCompletedSuccessfully)
        {
            throw Errors.Problem.Unavailable.Throw("The database is not ready yet.");
        }
    }
}

/// <summary>One transaction: rows and messages commit together, or not at all. Disposing without committing rolls back.</summary>
public sealed class Work : IAsyncDisposable
{
    private readonly List<NpgsqlBatchCommand> last = [];
    private readonly List<OutboxMessage> messages = [];
    private readonly OutboxSignal signal;
    private readonly TimeProvider time;
    private int disposed;

    internal Work(NpgsqlConnection connection, NpgsqlTransaction transaction, string? tenant, OutboxSignal signal, TimeProvider time)
    {
        Connection = connection;
        Transaction = transaction;
        Tenant = tenant;
        this.signal = signal;
        this.time = time;
    }

    /// <summary>The open connection.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>The transaction, for APIs that ask for it.</summary>
    public NpgsqlTransaction Transaction { get; }

    /// <summary>The tenant whose rows are visible.</summary>
    public string? Tenant { get; }

    /// <summary>A command on this transaction with positional parameters (<c>$1</c>, <c>$2</c>, ...); null becomes SQL NULL.</summary>
    public NpgsqlCommand Command(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlCommand(sql, Connection, Transaction);
        command.Parameters.Fill(parameters);
        return command;
    }

    /// <summary>Publishes a message when this work commits, and never otherwise.</summary>
    /// <param name="message">A record of the contracts.</param>
    /// <param name="key">
    /// Messages with the same key are published in the order in which their transactions commit, provided that those transactions
    /// exclude each other (by locking a row of the key), which writers of one aggregate do anyway.
    /// </param>
    /// <param name="tenant">Whose message it is, where that is not the tenant of this work.</param>
    public void Publish<T>(T message, string key, string? tenant = null)
        where T : class => messages.Add(OutboxMessage.From(message, key, tenant ?? Tenant));

    /// <summary>
    /// Leaves a statement for the commit, with which it goes in one round trip: for writes whose outcome nothing here depends on. Statements run in the order in which they were left, before the messages are written.
    /// </summary>
    /// <param name="sql">One statement with positional parameters.</param>
    /// <param name="parameters">Their values; null becomes SQL NULL.</param>
    public void AtCommit(string sql, params ReadOnlySpan<object?> parameters) => last.Add(Statement.Of(sql, parameters));

    /// <summary>The same for several statements.</summary>
    public void AtCommit(IEnumerable<NpgsqlBatchCommand> statements) => last.AddRange(statements);

    /// <summary>Sends now what was left for the commit, for who has to read it in this transaction.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (last.Count > 0)
        {
            await using var batch = Batch();
            last.Clear();
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Writes what was left for now and the messages, and commits, in one round trip.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (last.Count + messages.Count == 0)
        {
            await Transaction.CommitAsync(cancellationToken);
            return;
        }

        await using var batch = Batch();
        if (messages.Count > 0)
        {
            batch.BatchCommands.Add(Outbox.Insertion(messages, time.GetUtcNow()));
        }

        // After a statement that fails the server skips what follows in the batch, so nothing is committed then.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (messages.Count > 0)
        {
            signal.Set();
        }
    }

    private NpgsqlBatch Batch()
    {
        var batch = new NpgsqlBatch(Connection, Transaction);
        foreach (var statement in last)
        {
            batch.BatchCommands.Add(statement);
        }

        return batch;
    }

    /// <summary>
    /// Rolls back what was not committed. Only the first call does anything: a request's scope disposes of its work once more after the middleware has, and Npgsql uses the object of an ended
    /// transaction again for the connection's next one, so a second call would end somebody else's transaction.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
