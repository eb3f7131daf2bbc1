using System.Text.Json;

namespace LivingCity.Ingestion.Query;

/// <summary>Compiles geo-queries to PostGIS. Geometries that are not valid in its sense (a polygon that crosses itself) are made so: a query then has an answer, not an error.</summary>
internal static class GeoCompiler
{
    /// <param name="query">The query.</param>
    /// <param name="column">The geometry to look at, in WGS 84.</param>
    /// <param name="sql">Takes the parameters.</param>
    public static string Compile(GeoQuery query, string column, SqlBuilder sql)
    {
        var reference = Reference(query.Geometry, sql);
        var globe = $"(SELECT {reference}::geography)";
        return query.Relation switch
        {
            GeoRelation.Near when query.MaxDistance is { } max => $"ST_DWithin({column}::geography, {globe}, {sql.Add(max)})",
            GeoRelation.Near => $"ST_Distance({column}::geography, {globe}) >= {sql.Add(query.MinDistance ?? 0)}",
            GeoRelation.Within => $"ST_Within({column}, {reference})",
            GeoRelation.Contains => $"ST_Contains({column}, {reference})",
            GeoRelation.Intersects => $"ST_Intersects({column}, {reference})",
            GeoRelation.Equals => $"ST_Equals({column}, {reference})",
            GeoRelation.Disjoint => $"ST_Disjoint({column}, {reference})",
            _ => $"ST_Overlaps({column}, {reference})",
        };
    }

    /// <summary>A geometry that the caller gave: a subquery, which is evaluated once, not again for each row.</summary>
    public static string Reference(JsonElement geometry, SqlBuilder sql) => $"(SELECT {Valid($"ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON({sql.Add(geometry.GetRawText())})), 4326)")})";

    /// <summary>A valid geometry that is no collection, which PostGIS' relations do not take.</summary>
    public static string Valid(string geometry) => $"ST_CollectionExtract(ST_MakeValid({geometry}))";
}
