using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Temporal;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Http;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.Ingestion.Registrations.Forwarding;

/// <summary>
/// Writes that context sources take part in (ETSI GS CIM 009, clauses 4.3.6 and 5.6): each holder gets its part of the entity; what is held elsewhere alone is not kept here.
/// </summary>
internal sealed class DistributedWriting(SourceClient client, EntityFinder finder, Database database)
{
    /// <summary>What every part of an entity has.</summary>
    public static readonly HashSet<string> Common = ["id", "@id", "type", "@type", "scope", "@context", "expiresAt"];

    /// <summary>Operations whose body holds attributes by name: create, replace, merge, append, update, and what adds to history.</summary>
    public async Task<IResult> WriteFragmentAsync(NgsiLdRequest request, string? id, IReadOnlyList<string> operations, IReadOnlyList<SourceRegistration> sources, Func<ValueTask<object?>> local)
    {
        var (body, context) = await BufferAsync(request);
        var given = body.TryGetProperty("id", out var member) && member.ValueKind == JsonValueKind.String ? member.GetString()! : id;
        if (given is null || !Uris.IsUri(given))
        {
            return await RunAsync(local); // it says what is wrong
        }

        var holdings = new Holdings(sources, given, await TypesAsync(request, body, given, context, operations));
        if (holdings.Sources.Count == 0)
        {
            return await RunAsync(local);
        }

        // Reading it as an entity checks it as a whole, before any part goes anywhere.
        var attributes = EntityReader.ReadAttributes(body, context, IsHistory(operations) ? Reading.History : Reading.Merge);
        var names = body.EnumerateObject().Where(part => !Common.Contains(part.Name)).ToDictionary(part => part.Name, part => context.Expand(part.Name));
        var outcome = new WriteOutcome(given);
        foreach (var source in holdings.Sources)
        {
            var part = Part(body, name => holdings.Holds(source, names[name]));
            if (attributes.Count == 0 || part.Any(entry => names.ContainsKey(entry.Key)))
            {
                outcome.Add(await client.WriteAsync(request, source, operations, context, part.ToJsonString()));
            }
        }

        var mine = Part(body, name => holdings.HoldsLocally(names[name]), keepContext: true);
        if (!holdings.IsElsewhere && (attributes.Count == 0 || mine.Any(entry => names.ContainsKey(entry.Key))))
        {
            Replace(request, mine);
            await outcome.AddLocalAsync(local);
        }

        return outcome.ToResult(request);
    }

    /// <summary>Operations on one attribute: partial update, replacement, deletion.</summary>
    public async Task<IResult> WriteAttributeAsync(NgsiLdRequest request, string id, string attribute, IReadOnlyList<string> operations, IReadOnlyList<SourceRegistration> sources, Func<ValueTask<object?>> local)
    {
        var hasBody = !HttpMethods.IsDelete(request.Http.Request.Method);
        var (body, context) = hasBody ? await BufferAsync(request) : (default, await request.ContextAsync());
        var iri = context.Expand(attribute);
        var holdings = new Holdings(sources, id, await TypesAsync(request, default, id, context, operations));
        var holders = holdings.Sources.Where(source => holdings.Holds(source, iri)).ToArray();
        if (holders.Length == 0)
        {
            return await RunAsync(local);
        }

        var outcome = new WriteOutcome(id);
        foreach (var source in holders)
        {
            outcome.Add(await client.WriteAsync(request, source, operations, context, hasBody ? Part(body, _ => true).ToJsonString() : null));
        }

        if (holdings.HoldsLocally(iri))
        {
            await outcome.AddLocalAsync(local);
        }

        return outcome.ToResult(request);
    }

    /// <summary>The deletion of an entity, wherever parts of it are.</summary>
    public async Task<IResult> DeleteAsync(NgsiLdRequest request, string id, IReadOnlyList<string> operations, IReadOnlyList<SourceRegistration> sources, Func<ValueTask<object?>> local)
    {
        var context = await request.ContextAsync();
        var holdings = new Holdings(sources, id, await TypesAsync(request, default, id, context, operations));
        if (holdings.Sources.Count == 0)
        {
            return await RunAsync(local);
        }

        var outcome = new WriteOutcome(id);
        foreach (var source in holdings.Sources)
        {
            outcome.Add(await client.WriteAsync(request, source, operations, context));
        }

        if (!holdings.IsElsewhere)
        {
            await outcome.AddLocalAsync(local);
        }

        return outcome.ToResult(request);
    }

    /// <summary>Reads the body and puts it back, for who comes after.</summary>
    private static async Task<(JsonElement Body, LdContext Context)> BufferAsync(NgsiLdRequest request)
    {
        request.Http.Request.EnableBuffering();
        var read = await request.ReadAsync();
        request.Http.Request.Body.Position = 0;
        return read;
    }

    /// <summary>The types that the request names, else those of what is here.</summary>
    private async Task<IReadOnlyList<string>> TypesAsync(NgsiLdRequest request, JsonElement body, string id, LdContext context, IReadOnlyList<string> operations)
    {
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("type", out var type))
        {
            var names = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().ToArray() : [type];
            if (names.All(name => name.ValueKind == JsonValueKind.String))
            {
                return [.. names.Select(name => context.Expand(name.GetString()!))];
            }
        }

        if (request.List("type") is { } given)
        {
            return [.. given.Select(context.Expand)];
        }

        if (IsHistory(operations))
        {
            await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
            return (await TemporalFinder.FindAsync(work, id, request.Aborted))?.Types ?? [];
        }

        var page = await finder.FindAsync(request.Tenant, new EntityQuery { Selectors = [new EntitySelector([id], null, null)], Limit = 1 }, request.Aborted);
        return page.Entities.Count > 0 ? page.Entities[0].Types : [];
    }

    public static JsonObject Part(JsonElement body, Func<string, bool> holds, bool keepContext = false) => new(body.EnumerateObject()
        .Where(member => member.Name == "@context" ? keepContext : Common.Contains(member.Name) || holds(member.Name))
        .Select(member => KeyValuePair.Create(member.Name, JsonNode.Parse(member.Value.GetRawText()))));

    public static void Replace(NgsiLdRequest request, JsonNode body)
    {
        var octets = Encoding.UTF8.GetBytes(body.ToJsonString());
        request.Http.Request.Body = new MemoryStream(octets);
        request.Http.Request.ContentLength = octets.Length;
    }

    private static bool IsHistory(IReadOnlyList<string> operations) => operations[0].EndsWith("Temporal", StringComparison.Ordinal);

    private static async Task<IResult> RunAsync(Func<ValueTask<object?>> local) => (IResult)(await local())!;
}

/// <summary>What became of the parts of a write.</summary>
internal sealed class WriteOutcome(string id)
{
    private readonly List<SourceAnswer> answers = [];
    private IResult? local;
    private ProblemDetails? localProblem;

    public void Add(SourceAnswer answer) => answers.Add(answer);

    public async Task AddLocalAsync(Func<ValueTask<object?>> run)
    {
        try
        {
            local = (IResult)(await run())!;
        }
        catch (ProblemException exception)
        {
            localProblem = exception.Details;
        }
    }

    /// <summary>
    /// All well: what this broker alone would have said. Some well: 207 with what failed. None: the first problem. Who has nothing of the entity (404) does not count where another has.
    /// </summary>
    public IResult ToResult(NgsiLdRequest request)
    {
        var succeeded = answers.Where(answer => answer.IsSuccess).ToArray();
        var failed = answers.Where(answer => !answer.IsSuccess).ToArray();
        if (succeeded.Length > 0 || local is not null)
        {
            failed = [.. failed.Where(answer => answer.Status != StatusCodes.Status404NotFound)];
            localProblem = localProblem?.Status == StatusCodes.Status404NotFound ? null : localProblem;
        }

        if (failed.Length == 0 && localProblem is null)
        {
            return local ?? (succeeded.Any(answer => answer.Status == StatusCodes.Status201Created)
                ? TypedResults.Created($"{request.Http.Request.Path.Value!.TrimEnd('/')}/{PathSegment.Of(id)}")
                : TypedResults.NoContent());
        }

        if (succeeded.Length == 0 && local is null)
        {
            return localProblem is not null && (failed.Length == 0 || localProblem.Status != StatusCodes.Status404NotFound) ? TypedResults.Problem(localProblem) : TypedResults.Problem(Describe(failed[0]));
        }

        var errors = new JsonArray([.. failed.Select(answer => Error(Describe(answer), answer.Source.Id)), .. localProblem is null ? [] : (JsonNode[])[Error(localProblem, null)]]);
        return TypedResults.Json(new JsonObject { ["success"] = new JsonArray(id), ["errors"] = errors }, contentType: MediaTypes.Json, statusCode: StatusCodes.Status207MultiStatus);
    }

    private JsonObject Error(ProblemDetails problem, string? registration)
    {
        var error = new JsonObject { ["entityId"] = id, ["error"] = JsonSerializer.SerializeToNode(problem, JsonSerializerOptions.Web) };
        if (registration is not null)
        {
            error["registrationId"] = registration;
        }

        return error;
    }

    /// <summary>The source's own problem where it gave one, in the error types of this interface.</summary>
    public static ProblemDetails Describe(SourceAnswer answer)
    {
        var body = answer.Body is { ValueKind: JsonValueKind.Object } problem ? problem : default;
        string? Text(string member) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return new ProblemDetails
        {
            Type = Text("type") is { } type && type.StartsWith("https://uri.etsi.org/ngsi-ld/errors/", StringComparison.Ordinal) ? type : $"https://uri.etsi.org/ngsi-ld/errors/{answer.Status switch
            {
                StatusCodes.Status404NotFound => "ResourceNotFound",
                StatusCodes.Status409Conflict => "AlreadyExists",
                StatusCodes.Status400BadRequest => "BadRequestData",
                StatusCodes.Status422UnprocessableEntity => "OperationNotSupported",
                _ => "InternalError",
            }}",
            Title = Text("title") ?? "A context source could not do its part.",
            Detail = Text("detail") ?? $"The context source of {answer.Source.Id} answered {answer.Status}.",
            Status = answer.Status is >= 400 and < 500 and not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden) ? answer.Status
                : answer.Status == StatusCodes.Status504GatewayTimeout ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status502BadGateway,
        };
    }
}
