using System.Text.Json;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Entities;
using LivingCity.Ingestion.EntityMaps;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Query;
using LivingCity.Ingestion.Registrations.Forwarding;
using LivingCity.Ingestion.Representations;
using LivingCity.Ingestion.Web;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Ingestion.Temporal;

/// <summary>Answers questions about history, alone or with the sources that take part, by an entity map where one is wanted (ETSI GS CIM 009, clauses 5.7.3 and 5.7.4).</summary>
internal sealed class TemporalQueries(Database database, DistributedHistory distributed, DistributedCandidates candidates, EntityMapPaging maps)
{
    public async Task<IResult> RetrieveAsync(NgsiLdRequest request, LdContext context, string id, TemporalParameters parameters, Representation representation, Shape shape)
    {
        var sources = await distributed.SourcesAsync(request, parameters.Query, "retrieveTemporal");
        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        var local = await TemporalFinder.FindAsync(work, id, request.Aborted) is { } known && request.OpenTypes?.Overlaps(known.Types) != false ? known : null;
        var used = local is null && sources.Count == 0 ? null : await maps.ForAsync(request, EntityMapRequest.Read(request), () => Task.FromResult(
            new Candidates([id], new Dictionary<string, string[]> { [id] = [.. local is null ? Array.Empty<string>() : [EntityMap.Here], .. sources.Select(source => source.Id)] }, new Dictionary<string, string>())));
        var remote = sources.Count == 0 ? RemoteHistory.None : await distributed.RetrieveAsync(request, context, id, sources, used?.Map);
        var entity = local ?? remote.Entities.FirstOrDefault(entity => entity.Id == id) ?? throw NgsiLdException.ResourceNotFound($"There is no history of {id}.");
        var (past, partial) = await HistoryReader.ReadAsync(work, [entity], parameters.Query, request.Aborted);
        var whole = remote.Complete(past[0], parameters.Query);
        return new Answer(shape.MediaType, writer => HistoryWriter.Write(writer, whole, parameters.Format, parameters.Query, representation with { Format = Format.Normalized }), shape.ContextAddress,
            EntityAnswer.StatusOf(representation, Status(request, [whole], partial || remote.IsPartial)));
    }

    public async Task<IResult> AnswerAsync(
        NgsiLdRequest request, LdContext context, EntityQuery query, EntityMapRequest wish, TemporalParameters parameters, Representation representation, Shape shape, JsonElement? body)
    {
        var asked = parameters.BoundedQuery;
        if (query.Order?.Terms.Any(term => term.Member != "id") == true)
        {
            throw NgsiLdException.BadRequestData("orderBy: history can be ordered by id only."); // clause 5.7.4.4
        }

        var sources = await distributed.SourcesAsync(request, asked, "queryTemporal");
        var used = await maps.ForAsync(request, wish, () => candidates.FindAsync(request, context, query, wish.Split, body, asked));
        await using var work = await database.BeginAsync(request.Tenant, request.Aborted);
        var remote = RemoteHistory.None;
        async Task<Page> FindAsync(EntityQuery part)
        {
            // Pages of several sources line up only from the start.
            var local = await TemporalFinder.FindAsync(work, sources.Count == 0 ? part : part with { Limit = part.Offset + part.Limit, Offset = 0 }, asked, request.Aborted);
            if (sources.Count == 0)
            {
                return local;
            }

            var told = await distributed.FindAsync(request, context, part, wish.Split, body, sources, used?.Map);
            remote = new RemoteHistory(told.Sources, [.. remote.Parts, .. told.Parts], remote.IsPartial || told.IsPartial);
            var found = local.Entities.Concat(told.Entities.Where(entity => part.Among?.Contains(entity.Id) != false)).DistinctBy(entity => entity.Id).OrderBy(entity => entity.Id, StringComparer.Ordinal).ToArray();
            return new Page([.. found.Skip(part.Offset).Take(part.Limit)], local.HasMore || found.Length > part.Offset + part.Limit, part.Count ? Math.Max(local.Count ?? 0, found.Length) : null);
        }

        var page = used is { } known ? await EntityMapPaging.PageAsync(known.Map, query, FindAsync) : await FindAsync(query);
        var (past, partial) = await HistoryReader.ReadAsync(work, page.Entities, asked, request.Aborted);
        PageLinks.Write(request, query.Limit, query.Offset, page.HasMore, page.Count, shape.MediaType, page.Next);
        PastEntity[] whole = [.. past.Select(entity => remote.Complete(entity, asked))];
        var normalized = representation with { Format = Format.Normalized };
        var status = Status(request, whole, partial || remote.IsPartial);
        return new Answer(shape.MediaType, writer =>
        {
            writer.WriteStartArray();
            foreach (var one in whole)
            {
                HistoryWriter.Write(writer, one, parameters.Format, asked, normalized);
            }

            writer.WriteEndArray();
        }, shape.ContextAddress, status == StatusCodes.Status200OK && used is { IsNew: true } ? StatusCodes.Status201Created : EntityAnswer.StatusOf(representation, status));
    }

    /// <summary>An answer that leaves instances out is partial, and says which time it covers (clause 6.3.10).</summary>
    private static int Status(NgsiLdRequest request, IReadOnlyList<PastEntity> past, bool partial)
    {
        var instants = partial ? past.SelectMany(entity => entity.Series).SelectMany(series => series.Instances).Select(instance => instance.At).ToArray() : [];
        if (instants.Length == 0)
        {
            return StatusCodes.Status200OK;
        }

        request.Http.Response.Headers.ContentRange = $"DateTime {instants.Max().UtcDateTime:yyyy-MM-ddTHH:mm:ss}-{instants.Min().UtcDateTime:yyyy-MM-ddTHH:mm:ss}/*";
        return StatusCodes.Status206PartialContent;
    }
}
