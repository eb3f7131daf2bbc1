using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>Which context sources take part in a request (ETSI GS CIM 009, clause 4.3.6).</summary>
internal sealed class ActiveSources(RegistrationIndex index, SourceClient client, TimeProvider time)
{
    /// <summary>The sources that are registered for one of the operations (clause 4.20). None where the request is for this broker alone: by <c>local=true</c>, from the public, on a snapshot, or here again.</summary>
    public ValueTask<IReadOnlyList<SourceRegistration>> ForAsync(NgsiLdRequest request, params string[] operations) => FindAsync(request, source => source.Supports(operations));

    /// <summary>The same for writes, and those that hold what they are not registered to write: no one else has it, so a write to it is a conflict (clause 5.6).</summary>
    public ValueTask<IReadOnlyList<SourceRegistration>> ForWritingAsync(NgsiLdRequest request, params string[] operations) =>
        FindAsync(request, source => source.Supports(operations) || source.Mode is SourceMode.Exclusive or SourceMode.Redirect);

    private async ValueTask<IReadOnlyList<SourceRegistration>> FindAsync(NgsiLdRequest request, Func<SourceRegistration, bool> takesPart)
    {
        if (request.OpenTypes is not null || request.IsOnSnapshot || (await index.OfAsync(request.Tenant, request.Aborted)) is not { Count: > 0 } registered || request.IsLocal)
        {
            return [];
        }

        var now = time.GetUtcNow();
        var sources = registered.Where(source => !(source.ExpiresAt <= now) && takesPart(source)).ToArray();
        return sources.Length > 0 && !await client.IsLoopAsync(request.Http.Request, request.Aborted) ? sources : [];
    }
}
