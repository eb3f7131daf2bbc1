namespace LivingCity.Ingestion.Query;

/// <summary>Compiles an order to what follows ORDER BY; entities are called e. What has nothing to sort by comes last in either direction (ETSI GS CIM 009, clause 4.23.2).</summary>
internal sealed class OrderCompiler(SqlBuilder sql, string tenant)
{
    private readonly QueryCompiler compiler = new(sql, "e.attributes", "e");

    /// <param name="order">The order; null for none.</param>
    /// <param name="last">The column that decides at the end, so that pages never overlap.</param>
    public string Compile(EntityOrder? order, string last) => order is null ? last
        : string.Join(", ", order.Terms.SelectMany(term => Keys(term, order)).Append(last));

    private string[] Keys(OrderTerm term, EntityOrder order)
    {
        var direction = term.Descending ? "DESC NULLS LAST" : "ASC NULLS LAST";
        var collation = order.Collation is { } tag ? $"\"icu_{tag}\"" : "\"und-x-icu\"";
        if (term.Member is { } member)
        {
            var column = member switch { "id" => "e.id", "type" => "e.types[1]", _ => "e.scopes[1]" };
            return [$"{column} COLLATE {collation} {direction}"];
        }

        if (compiler.SystemColumn(term.Path) is { } time)
        {
            return [$"{time} {direction}"];
        }

        var value = compiler.Value(term.Path);
        string[] byValue = [$"order_kind({value}) {direction}", $"order_number({value}) {direction}", $"order_text({value}) COLLATE {collation} {direction}"];
        if (!term.ByDistance)
        {
            return byValue;
        }

        // On the sphere, as the clause has it: the ellipsoid of geo-queries would differ by up to 0.5 %.
        var reference = GeoCompiler.Reference(order.From!.Value, sql);
        var distance = $"(SELECT min(ST_Distance(g.geometry::geography, {reference}::geography, false)) FROM entity_geometry g WHERE g.tenant = {sql.Add(tenant)} AND g.id = e.id AND g.attribute = {sql.Add(term.Path.Names[0])})";
        return [$"{distance} {direction}", .. byValue];
    }
}
