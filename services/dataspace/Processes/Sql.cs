using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Dataspace.Processes;

/// <summary>Parameters whose type is known even where their value is null, so that a statement is one statement to whoever prepares it.</summary>
internal static class Sql
{
    public static NpgsqlParameter Text(string? value) => Of(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Json(string? value) => Of(value, NpgsqlDbType.Jsonb);

    public static NpgsqlParameter Time(DateTime? value) => Of(value, NpgsqlDbType.TimestampTz);

    public static NpgsqlParameter Bytes(byte[]? value) => Of(value, NpgsqlDbType.Bytea);

    private static NpgsqlParameter Of(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
