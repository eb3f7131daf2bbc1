using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>Asks context sources which types and attributes they have (ETSI GS CIM 009, clauses 5.7.5 to 5.7.10). What a source fails to give is a warning, not an error.</summary>
internal sealed class DistributedDiscovery(ActiveSources active, SourceClient client, TimeProvider time)
{
    /// <param name="request">The request, which the sources get as it is.</param>
    /// <param name="operation">The operation that they must be registered for (clause 4.20).</param>
    /// <param name="context">Whose names the request uses.</param>
    /// <param name="filter">Which of them may know something; null for all.</param>
    /// <returns>Objects of their answers, each with the context of its names.</returns>
    public async Task<IReadOnlyList<Told>> AskAsync(NgsiLdRequest request, string operation, LdContext context, SourceFilter? filter = null)
    {
        var now = time.GetUtcNow();
        var sources = (await active.ForAsync(request, operation)).Where(source => filter?.Matches(source, now) != false);
        var path = request.Http.Request.Path.Value!["/ngsi-ld/v1".Length..] + request.Http.Request.QueryString;
        var answers = await Task.WhenAll(sources.Select(source => client.SendAsync(request, source, HttpMethod.Get, path, context)));
        SourceClient.Warn(request, answers.Where(answer => !answer.IsSuccess && answer.Status != StatusCodes.Status404NotFound));
        var told = new List<Told>();
        foreach (var body in answers.Where(answer => answer.IsSuccess && answer.Body is not null).Select(answer => answer.Body!.Value))
        {
            foreach (var item in (body.ValueKind == JsonValueKind.Array ? body.EnumerateArray().ToArray() : [body]).Where(item => item.ValueKind == JsonValueKind.Object))
            {
                told.Add(new Told(item, await client.ContextOfAsync(request, item, context)));
            }
        }

        return told;
    }
}

/// <summary>What a source told.</summary>
/// <param name="Body">One object of its answer.</param>
/// <param name="Context">Whose names it uses.</param>
internal sealed record Told(JsonElement Body, LdContext Context)
{
    /// <summary>IRI of the name in a member, or null.</summary>
    public string? Name(string member) => Body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? Context.Expand(value.GetString()!) : null;

    /// <summary>IRIs of the names in a member.</summary>
    public IEnumerable<string> Names(string member) => Texts(member).Select(Context.Expand);

    public IEnumerable<string> Texts(string member) => Body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.GetString()!) : [];

    public long Number(string member) => Body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : 0;

    /// <summary>The objects in a member.</summary>
    public IEnumerable<Told> Objects(string member) => Body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => this with { Body = item }) : [];
}
