using LivingCity.Ingestion.Batch;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>Purges at context sources (ETSI GS CIM 009, clause 5.6.21): each that may have what the query finds gets the same query.</summary>
internal sealed class DistributedPurge(ActiveSources active, SourceClient client, TimeProvider time)
{
    /// <summary>What sources refused. A source that refused all of it stands there by the id of its registration, since nobody says of which entities.</summary>
    public async Task<BatchResult> RunAsync(NgsiLdRequest request, LdContext context, EntityQuery query)
    {
        string[] operations = ["purgeEntity"];
        var filter = SourceFilter.From(query);
        var now = time.GetUtcNow();
        var sources = (await active.ForWritingAsync(request, operations)).Where(source => source.Mode != SourceMode.Auxiliary && filter.Matches(source, now));
        var answers = await Task.WhenAll(sources.Select(source => client.WriteAsync(request, source, operations, context, path: $"/entities{ForwardedQuery.Of(request)}")));
        return new BatchResult(
            [],
            [
                .. answers.Where(answer => !answer.IsSuccess && answer.Status != StatusCodes.Status404NotFound)
                    .Select(answer => new BatchEntityError(answer.Source.Id, WriteOutcome.Describe(answer)) { RegistrationId = answer.Source.Id }),
                .. answers.Where(answer => answer.Status == StatusCodes.Status207MultiStatus)
                    .SelectMany(answer => BatchOutcome.Refused(answer), (answer, refused) => new BatchEntityError(refused.Key, refused.Value) { RegistrationId = answer.Source.Id }),
            ]);
    }
}
