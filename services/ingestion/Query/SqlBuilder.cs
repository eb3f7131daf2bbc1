using Npgsql;
using NpgsqlTypes;

namespace LivingCity.Ingestion.Query;

/// <summary>A statement under construction: every value that a caller gave becomes a parameter.</summary>
internal sealed class SqlBuilder
{
    private readonly List<NpgsqlParameter> parameters = [];

    /// <summary>The parameters so far, copied: one statement can be sent twice.</summary>
    public NpgsqlParameter[] Parameters => [.. parameters.Select(parameter => parameter.Clone())];

    /// <summary>Adds a value and returns its placeholder.</summary>
    public string Add(object value)
    {
        parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return $"${parameters.Count}";
    }

    /// <summary>Adds a JSON document.</summary>
    public string AddJson(string json) => Add(new NpgsqlParameter { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb });

    /// <summary>Adds a path into JSON.</summary>
    public string AddPath(string path) => Add(new NpgsqlParameter { Value = path, NpgsqlDbType = NpgsqlDbType.JsonPath });
}
