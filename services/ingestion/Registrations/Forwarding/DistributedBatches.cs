using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Batch;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>
/// Batches that context sources take part in (ETSI GS CIM 009, clauses 4.3.6 and 5.6.7 to 5.6.10, 5.6.20): each source gets one batch with its parts, and what is left is done here.
/// </summary>
internal sealed class DistributedBatches(SourceClient client, EntityFinder finder)
{
    private const int MostLookedUp = 1000;

    /// <summary>Create, upsert, update and merge.</summary>
    public async Task<IResult> WriteAsync(NgsiLdRequest request, IReadOnlyList<SourceRegistration> sources, Func<ValueTask<object?>> local)
    {
        request.Http.Request.EnableBuffering();
        var (body, contextOf) = await request.ReadManyAsync();
        request.Http.Request.Body.Position = 0;
        var entities = await ReadAsync(body, contextOf);
        var types = await TypesAsync(request, [.. entities.Where(entity => entity.Types.Count == 0).Select(entity => entity.Id)]);
        var here = new JsonArray();
        var there = new List<(SourceRegistration Source, LdContext Context, string Id, JsonObject Part)>();
        foreach (var entity in entities)
        {
            var holdings = new Holdings(sources, entity.Id, entity.Types.Count > 0 ? entity.Types : types.GetValueOrDefault(entity.Id, []));
            if (entity.Context is null || holdings.Sources.Count == 0)
            {
                here.Add(JsonNode.Parse(entity.Body.GetRawText())); // what is wrong with it is said here
                continue;
            }

            var names = entity.Body.EnumerateObject().Select(member => member.Name).Where(name => !DistributedWriting.Common.Contains(name)).ToDictionary(name => name, entity.Context.Expand);
            foreach (var source in holdings.Sources)
            {
                var part = DistributedWriting.Part(entity.Body, name => holdings.Holds(source, names[name]));
                if (names.Count == 0 || part.Any(member => names.ContainsKey(member.Key)))
                {
                    there.Add((source, entity.Context, entity.Id, part));
                }
            }

            var mine = DistributedWriting.Part(entity.Body, name => holdings.HoldsLocally(names[name]), keepContext: true);
            if (!holdings.IsElsewhere && (names.Count == 0 || mine.Any(member => names.ContainsKey(member.Key))))
            {
                here.Add(mine);
            }
        }

        return await RunAsync(request, there, here, [.. entities.Select(entity => entity.Id)], local);
    }

    /// <summary>Deletion, wherever parts of the entities are.</summary>
    public async Task<IResult> DeleteAsync(NgsiLdRequest request, IReadOnlyList<SourceRegistration> sources, Func<ValueTask<object?>> local)
    {
        request.Http.Request.EnableBuffering();
        var (body, contextOf) = await request.ReadManyAsync();
        request.Http.Request.Body.Position = 0;
        string[] ids = body.ValueKind == JsonValueKind.Array ? [.. body.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.String && Uris.IsUri(id.GetString()!)).Select(id => id.GetString()!)] : [];
        if (ids.Length == 0 || ids.Length != body.GetArrayLength())
        {
            return (IResult)(await local())!; // it says what is wrong
        }

        var context = await contextOf(default);
        var types = await TypesAsync(request, ids);
        var holdings = ids.Distinct().ToDictionary(id => id, id => new Holdings(sources, id, types.GetValueOrDefault(id, [])));
        var there = ids.SelectMany(id => holdings[id].Sources.Select(source => (source, context, id, (JsonNode)JsonValue.Create(id)))).ToArray();
        return await RunAsync(request, there, [.. ids.Where(id => !holdings[id].IsElsewhere).Select(id => JsonValue.Create(id))], ids, local);
    }

    private async Task<IResult> RunAsync<T>(
        NgsiLdRequest request, IReadOnlyList<(SourceRegistration Source, LdContext Context, string Id, T Part)> there, JsonArray here, IReadOnlyList<string> ids, Func<ValueTask<object?>> local)
        where T : JsonNode
    {
        var outcome = new BatchOutcome();
        var path = request.Http.Request.Path.Value!["/ngsi-ld/v1".Length..] + request.Http.Request.QueryString;
        foreach (var group in there.GroupBy(part => (part.Source, part.Context)))
        {
            var (source, context) = group.Key;
            var batch = new JsonArray([.. group.Select(part => part.Part)]);
            outcome.Add(await client.SendAsync(request, source, HttpMethod.Post, path, context, batch.ToJsonString()), [.. group.Select(part => part.Id)]);
        }

        if (here.Count > 0 || there.Count == 0)
        {
            DistributedWriting.Replace(request, here);
            await outcome.AddLocalAsync(local, [.. here.Select(item => item is JsonObject entity ? entity["id"]?.ToString() ?? "" : item!.ToString())]);
        }

        return outcome.ToResult(ids).ToAnswer();
    }

    private static async Task<List<Given>> ReadAsync(JsonElement body, Func<JsonElement, ValueTask<LdContext>> contextOf)
    {
        var entities = new List<Given>();
        foreach (var item in body.ValueKind == JsonValueKind.Array ? body.EnumerateArray() : default)
        {
            try
            {
                var context = await contextOf(item);
                var entity = EntityReader.Read(item, context, Reading.Merge);
                entities.Add(new Given(entity.Id, item, entity.Id.Length > 0 ? context : null, entity.Types));
            }
            catch (Errors.NgsiLdException)
            {
                entities.Add(new Given("", item, null, []));
            }
        }

        return entities;
    }

    private async Task<Dictionary<string, IReadOnlyList<string>>> TypesAsync(NgsiLdRequest request, IReadOnlyList<string> ids)
    {
        var types = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var some in ids.Where(id => id.Length > 0).Distinct().Chunk(MostLookedUp))
        {
            foreach (var entity in (await finder.FindAsync(request.Tenant, new EntityQuery { Selectors = [new EntitySelector(some, null, null)], Limit = some.Length }, request.Aborted)).Entities)
            {
                types[entity.Id] = entity.Types;
            }
        }

        return types;
    }

    /// <summary>One item of a batch.</summary>
    /// <param name="Id">Its id, or nothing where it is not readable.</param>
    /// <param name="Body">As it came.</param>
    /// <param name="Context">Whose names it uses, or null where it is not readable.</param>
    /// <param name="Types">The types that it names.</param>
    private sealed record Given(string Id, JsonElement Body, LdContext? Context, IReadOnlyList<string> Types);
}

/// <summary>What became of the parts of a batch.</summary>
internal sealed class BatchOutcome
{
    private readonly HashSet<string> succeeded = [];
    private readonly HashSet<string> created = [];
    private readonly List<BatchEntityError> errors = [];

    /// <summary>What a source said of the entities that it was sent: all well, some (207), or nothing that helps.</summary>
    public void Add(SourceAnswer answer, IReadOnlyList<string> ids)
    {
        var refused = answer.Status == StatusCodes.Status207MultiStatus ? Refused(answer) : answer.IsSuccess ? [] : ids.ToDictionary(id => id, _ => WriteOutcome.Describe(answer));
        errors.AddRange(ids.Where(refused.ContainsKey).Select(id => new BatchEntityError(id, refused[id]) { RegistrationId = answer.Source.Id }));
        succeeded.UnionWith(ids.Where(id => !refused.ContainsKey(id)));
        if (answer is { Status: StatusCodes.Status201Created, Body: { ValueKind: JsonValueKind.Array } made })
        {
            created.UnionWith(made.EnumerateArray().Select(id => id.ToString()));
        }
    }

    public async Task AddLocalAsync(Func<ValueTask<object?>> local, IReadOnlyList<string> ids)
    {
        try
        {
            switch (await local())
            {
                case IValueHttpResult { Value: BatchResult result }:
                    succeeded.UnionWith(result.Success);
                    created.UnionWith(result.Created);
                    errors.AddRange(result.Errors);
                    break;
                case IValueHttpResult { Value: IReadOnlyList<string> made }:
                    succeeded.UnionWith(ids);
                    created.UnionWith(made);
                    break;
                default:
                    succeeded.UnionWith(ids);
                    break;
            }
        }
        catch (ProblemException exception) when (succeeded.Count + errors.Count > 0)
        {
            errors.AddRange(ids.Select(id => new BatchEntityError(id, exception.Details)));
        }
    }

    /// <summary>In the order of the batch. Who has nothing of an entity (404) does not count where another has.</summary>
    public BatchResult ToResult(IReadOnlyList<string> ids) => new(
        [.. ids.Distinct().Where(succeeded.Contains)],
        [.. errors.Where(error => error.Error.Status != StatusCodes.Status404NotFound || !succeeded.Contains(error.EntityId))]) { Created = [.. ids.Distinct().Where(created.Contains)] };

    /// <summary>The entities that a source could not do its part for, in an answer of partial success.</summary>
    public static Dictionary<string, Microsoft.AspNetCore.Mvc.ProblemDetails> Refused(SourceAnswer answer)
    {
        var refused = new Dictionary<string, Microsoft.AspNetCore.Mvc.ProblemDetails>();
        if (answer.Body is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array)
        {
            foreach (var error in errors.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.Object && error.TryGetProperty("entityId", out _)))
            {
                var problem = error.TryGetProperty("error", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
                var status = problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("status", out var number) && number.TryGetInt32(out var code) ? code : StatusCodes.Status502BadGateway;
                refused[error.GetProperty("entityId").ToString()] = WriteOutcome.Describe(answer with { Status = status, Body = problem.ValueKind == JsonValueKind.Object ? problem : null });
            }
        }

        return refused;
    }
}
