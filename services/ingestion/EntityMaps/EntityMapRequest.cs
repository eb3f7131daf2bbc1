using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.EntityMaps;

/// <summary>Whether a request wants its candidates kept (<c>entityMap</c>), for how long (<c>entityMapLifetime</c>), and whether entities may be split between sources (<c>splitEntities</c>;
/// ETSI GS CIM 009, table 6.4.3.2-1).</summary>
/// <param name="IsWanted">Whether a map is wanted.</param>
/// <param name="Lifetime">For how long, or null where the caller does not mind.</param>
/// <param name="Split">Whether filters can be judged only when the parts of an entity have come together.</param>
internal sealed record EntityMapRequest(bool IsWanted, TimeSpan? Lifetime, bool Split)
{
    /// <exception cref="NgsiLdException">A parameter is wrong (BadRequestData).</exception>
    public static EntityMapRequest Read(NgsiLdRequest request) => new(request.Flag("entityMap"), Lifetimes.Read(request.Parameter("entityMapLifetime"), "entityMapLifetime"), request.Flag("splitEntities"));
}
