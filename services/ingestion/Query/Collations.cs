using System.Collections.Concurrent;
using LivingCity.Ingestion.Errors;
using LivingCity.ServiceDefaults.Data;
using Npgsql;

namespace LivingCity.Ingestion.Query;

/// <summary>The collations that orders ask for. The database makes each one when it is first needed. Thread-safe.</summary>
internal sealed class Collations(Database database)
{
    private readonly ConcurrentDictionary<string, bool> known = new();

    /// <exception cref="NgsiLdException">There is no such collation, or there are too many (BadRequestData).</exception>
    public async ValueTask EnsureAsync(string tag, CancellationToken cancellationToken)
    {
        if (known.ContainsKey(tag))
        {
            return;
        }

        try
        {
            await using var work = await database.BeginAsync(null, cancellationToken);
            await using var command = work.Command("SELECT ensure_collation($1)", tag);
            await command.ExecuteNonQueryAsync(cancellationToken);
            await work.CommitAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.ProgramLimitExceeded or PostgresErrorCodes.InvalidParameterValue or PostgresErrorCodes.UndefinedObject
            or PostgresErrorCodes.InvalidTextRepresentation or PostgresErrorCodes.FeatureNotSupported)
        {
            throw NgsiLdException.BadRequestData($"collation: '{tag}' is not available here.");
        }

        known.TryAdd(tag, true);
    }
}
