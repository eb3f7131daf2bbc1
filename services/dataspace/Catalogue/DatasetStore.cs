using Dapper;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Dataspace.Catalogue;

internal static class DatasetStore
{
    private const string Quality = "dataset_quality(d.title, d.description, d.keywords, d.synthetic, c.first_observed_at, c.last_observed_at, c.west, now())";

    private const string Select = $"""
        SELECT d.tenant, d.id, d.title, d.description, d.keywords, d.theme, d.access_path, d.media_type, d.license, d.entity_type, d.external_url,
            d.synthetic, d.issued_at, d.described_at, c.first_observed_at, c.last_observed_at, c.updated_at, c.west, c.south, c.east, c.north, {Quality} AS quality
        FROM dataset d LEFT JOIN coverage c ON c.tenant = d.tenant AND c.entity_type = d.entity_type
        """;

    public static async Task<IReadOnlyList<DatasetRow>> ListDatasetsAsync(this Work work, string? after, int limit, string? city, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<DatasetRow>(new CommandDefinition(
            $"{Select} WHERE (@after::text IS NULL OR d.id > @after) AND (@city::text IS NULL OR d.tenant = @city) ORDER BY d.id LIMIT @limit", new { after, limit, city }, work.Transaction, cancellationToken: cancellationToken))).AsList();

    /// <summary>The dataset after which the page before begins, or null when that is the first page.</summary>
    /// <param name="work">The transaction.</param>
    /// <param name="after">The last dataset of the page before.</param>
    /// <param name="limit">How many datasets a page has.</param>
    /// <param name="city">The one city whose datasets are listed, or null for all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static Task<string?> BeforeAsync(this Work work, string after, int limit, string? city, CancellationToken cancellationToken) => work.Connection.ExecuteScalarAsync<string?>(new CommandDefinition(
        "SELECT id FROM dataset WHERE id <= @after AND (@city::text IS NULL OR tenant = @city) ORDER BY id DESC OFFSET @limit LIMIT 1", new { after, limit, city }, work.Transaction, cancellationToken: cancellationToken));

    public static async Task<IReadOnlyList<DatasetRow>> SearchDatasetsAsync(this Work work, string? after, int limit, DatasetQuery query, CancellationToken cancellationToken)
    {
        var box = query.Rectangle;
        return (await work.Connection.QueryAsync<DatasetRow>(new CommandDefinition($"""
            {Select} WHERE (@after::text IS NULL OR d.id > @after)
                AND d.search LIKE ALL (@patterns) AND (@Theme::text IS NULL OR d.theme = @Theme) AND (@License::text IS NULL OR d.license = @License)
                AND (@City::text IS NULL OR d.tenant = @City) AND (@Synthetic::boolean IS NULL OR d.synthetic = @Synthetic)
                AND (@from::timestamptz IS NULL OR c.last_observed_at >= @from) AND (@to::timestamptz IS NULL OR c.first_observed_at <= @to)
                AND (@west::float8 IS NULL OR (c.east >= @west AND c.north >= @south AND c.west <= @east AND c.south <= @north))
                AND (@quality::int IS NULL OR (SELECT 100 * count(*) FILTER (WHERE held) / count(*) FROM unnest({Quality}) held) >= @quality)
            ORDER BY d.id LIMIT @limit
            """, new
        {
            after, limit, patterns = SearchText.Patterns(query.Q), query.Theme, query.License, query.City, query.Synthetic, from = query.From?.UtcDateTime, to = query.To?.UtcDateTime,
            west = box?[0], south = box?[1], east = box?[2], north = box?[3], quality = query.LeastQuality,
        }, work.Transaction, cancellationToken: cancellationToken))).AsList();
    }

    public static Task<DatasetRow?> FindDatasetAsync(this Work work, string id, CancellationToken cancellationToken) =>
        work.Connection.QuerySingleOrDefaultAsync<DatasetRow?>(new CommandDefinition($"{Select} WHERE d.id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken));
}
