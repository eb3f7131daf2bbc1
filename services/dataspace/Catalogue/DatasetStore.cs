using Dapper;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Catalogue;

internal static class DatasetStore
{
    private const string Select = """
        SELECT d.tenant, d.id, d.title, d.description, d.keywords, d.theme, d.access_path, d.media_type, d.license, d.entity_type, d.external_url,
            d.synthetic, d.issued_at, d.described_at, c.first_observed_at, c.last_observed_at, c.updated_at
        FROM dataset d LEFT JOIN coverage c ON c.tenant = d.tenant AND c.entity_type = d.entity_type
        """;

    public static async Task<IReadOnlyList<DatasetRow>> ListDatasetsAsync(this Work work, string? after, int limit, string? city, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<DatasetRow>(new CommandDefinition(
            $"{Select} WHERE (@after::text IS NULL OR d.id > @after) AND (@city::text IS NULL OR d.tenant = @city) ORDER BY d.id LIMIT @limit", new { after, limit, city }, work.Transaction, cancellationToken: cancellationToken))).AsList();

    public static Task<DatasetRow?> FindDatasetAsync(this Work work, string id, CancellationToken cancellationToken) =>
        work.Connection.QuerySingleOrDefaultAsync<DatasetRow?>(new CommandDefinition($"{Select} WHERE d.id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken));
}
