using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>Which context sources take part in a request (ETSI GS CIM 009, clause 4.3.6).</summary>
internal sealed class ActiveSources(RegistrationIndex index, SourceClient client, TimeProvider time)
{
    /// <summary>The sources that are registered for one of the operations (clause 4.20). None where the request is for this broker alone: by <c>local=true</c>, from the public, on a snapshot, or here again.</summary>
    public async ValueTask<IReadOnlyList<SourceRegistration>> ForAsync(NgsiLdRequest request, params string[] operations)
    {
        if (request.OpenTypes is not null || request.IsOnSnapshot || (await index.OfAsync(request.Tenant, request.Aborted)) is not { Count: > 0 } registered || request.Flag("local"))
        {
            return [];
        }

        var now = time.GetUtcNow();
        var sources = registered.Where(source => !(source.ExpiresAt <= now) && operations.Any(source.Operations.Contains)).ToArray();
        return sources.Length > 0 && !await client.IsLoopAsync(request.Http.Request, request.Aborted) ? sources : [];
    }
}
