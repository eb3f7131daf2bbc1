using LivingCity.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Entities;

/// <summary>Parameters and batches in fewer words.</summary>
internal static class Sql
{
    public static NpgsqlParameter Texts(IEnumerable<string?> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static NpgsqlParameter Jsons(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };

    public static NpgsqlParameter Json(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Jsonb };

    /// <summary>Adds a statement with positional parameters; null becomes SQL NULL.</summary>
    public static void Add(this ICollection<NpgsqlBatchCommand> statements, string sql, params object?[] parameters) => statements.Add(Statement.Of(sql, parameters));
}
