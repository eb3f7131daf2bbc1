using Npgsql;

namespace LivingCity.ServiceDefaults.Data;

/// <summary>Statements with positional parameters (<c>$1</c>, <c>$2</c>, ...).</summary>
public static class Statement
{
    /// <summary>A statement for a batch; null becomes SQL NULL.</summary>
    /// <param name="sql">One statement.</param>
    /// <param name="parameters">Values, or <see cref="NpgsqlParameter"/> where the type cannot be told from the value.</param>
    public static NpgsqlBatchCommand Of(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Fill(parameters);
        return command;
    }

    internal static void Fill(this NpgsqlParameterCollection collection, ReadOnlySpan<object?> parameters)
    {
        foreach (var value in parameters)
        {
            collection.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value ?? DBNull.Value });
        }
    }
}
