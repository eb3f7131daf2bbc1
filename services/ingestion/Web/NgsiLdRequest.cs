using System.Text.Json;
using System.Text.RegularExpressions;
using LivingCity.Ingestion.Contexts;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Snapshots;
using LivingCity.Ingestion.Tenants;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Ingestion.Web;

/// <summary>
/// One NGSI-LD request: whose data it is about, how its names expand, what it brings and what it wants back (ETSI GS CIM 009, clause 6.3). Handlers take it as a parameter.
/// </summary>
internal sealed partial class NgsiLdRequest
{
    /// <summary>The tenant of those whose token names none and may name any.</summary>
    private const string DefaultTenant = "default";

    private const string SnapshotHeader = "NGSILD-Snapshot";

    private NgsiLdRequest(HttpContext http, string owner, string tenant, string? link, IReadOnlySet<string>? openTypes) => (Http, Owner, Tenant, Link, OpenTypes) = (http, owner, tenant, link, openTypes);

    public HttpContext Http { get; }

    /// <summary>The tenant whose data the request is about: the <see cref="Owner"/>, or a snapshot's own (clause 6.3.22).</summary>
    public string Tenant { get; }

    /// <summary>The tenant to act for.</summary>
    public string Owner { get; }

    /// <summary>Whether the request is about a snapshot: then it is for this broker alone.</summary>
    public bool IsOnSnapshot => Tenant != Owner;

    /// <summary>The snapshot that the request is about, as the caller named it, or null.</summary>
    public string? Snapshot => IsOnSnapshot ? Http.Request.Headers[SnapshotHeader].ToString() : null;

    /// <summary>The address of the context that the Link header names, or null.</summary>
    public string? Link { get; }

    /// <summary>IRIs of the only types that the caller may read, or null for all.</summary>
    public IReadOnlySet<string>? OpenTypes { get; }

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Where this broker is, as the caller sees it: without a slash at the end.</summary>
    public string BaseAddress => $"{Http.Request.Scheme}://{Http.Request.Host}{Http.Request.PathBase}";

    private ContextStore Contexts => Http.RequestServices.GetRequiredService<ContextStore>();

    /// <exception cref="NgsiLdException">The tenant does not exist for this caller.</exception>
    public static async ValueTask<NgsiLdRequest> BindAsync(HttpContext http)
    {
        var request = http.Request;
        if (request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true || request.Path.Value?.Contains('\0', StringComparison.Ordinal) == true)
        {
            throw NgsiLdException.BadRequestData("The address holds a character that is none.");
        }

        var named = request.Headers["NGSILD-Tenant"].ToString();
        var tenant = await TenantAsync(http, named);
        if (named.Length > 0)
        {
            http.Response.Headers["NGSILD-Tenant"] = named;
        }

        var open = http.User.Identity is { IsAuthenticated: true } ? null : http.RequestServices.GetRequiredService<PublicReading>().TypesOf(tenant);
        return new NgsiLdRequest(http, tenant, await DataTenantAsync(http, tenant), LinkOf(request), open);
    }

    /// <summary>A request of the broker to itself, without parameters and headers.</summary>
    public static NgsiLdRequest Inner(string tenant, IServiceProvider services, CancellationToken cancellationToken) =>
        new(new DefaultHttpContext { RequestServices = services, RequestAborted = cancellationToken, Request = { Method = "POST", Path = "/ngsi-ld/v1/entityOperations/query" } }, tenant, tenant, null, null);

    /// <summary>A query parameter, or null when it is not given.</summary>
    /// <exception cref="NgsiLdException">It is given empty.</exception>
    public string? Parameter(string name) => !Http.Request.Query.TryGetValue(name, out var values) ? null
        : values.ToString() is { Length: > 0 } value ? value
        : throw NgsiLdException.BadRequestData($"{name}: the parameter has no value.");

    /// <summary>A parameter's items, separated by commas, or null.</summary>
    public string[]? List(string name) => Parameter(name) is not { } list ? null
        : list.Split(',', StringSplitOptions.TrimEntries) is var items && items.All(item => item.Length > 0) ? items
        : throw NgsiLdException.BadRequestData($"{name}: items between commas are required.");

    /// <summary>A parameter that is true or false; false when it is not given.</summary>
    public bool Flag(string name) => Parameter(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw NgsiLdException.BadRequestData($"{name}: true or false is required."),
    };

    /// <summary>Whether the request is for this broker alone (clauses 5.5.13 and 6.3.18): it says so, asks for entities of any type, or is about a snapshot.</summary>
    /// <exception cref="NgsiLdException">It asks for entities of any type, but not of this broker alone.</exception>
    public bool IsLocal => Flag("local") || IsOnSnapshot || (Http.Request.Query["type"] == "*"
        && (Http.Request.Query.ContainsKey("local") ? throw NgsiLdException.BadRequestData("local: entities of any type are asked for here alone.") : true));

    /// <summary>A parameter that is a whole number, or null.</summary>
    public int? Number(string name, int least, int most = int.MaxValue) => Parameter(name) is not { } text ? null
        : int.TryParse(text, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw NgsiLdException.BadRequestData($"{name}: a whole number not below {least} is required.");

    /// <summary>Whether <c>options</c> or <c>format</c> name this.</summary>
    public bool Option(string name) => Http.Request.Query["options"].Concat(Http.Request.Query["format"]).Any(list => list?.Split(',', StringSplitOptions.TrimEntries).Contains(name) == true);

    /// <summary>The context of a request without a body: that of the Link header, else the core context.</summary>
    public ValueTask<LdContext> ContextAsync() => Link is null ? ValueTask.FromResult(LdContext.Core) : Contexts.ResolveAsync(Owner, Link, Aborted);

    /// <summary>The body with the context that it or the Link header names (clause 6.3.5).</summary>
    /// <exception cref="NgsiLdException">Wrong media type (415), no JSON, or a context where none may be or none where one must be.</exception>
    public async Task<(JsonElement Body, LdContext Context)> ReadAsync()
    {
        var (body, media) = await ReadJsonAsync();
        return body.ValueKind == JsonValueKind.Object ? (body, await ContextOfAsync(body, media)) : throw NgsiLdException.BadRequestData("The body must be a JSON object.");
    }

    /// <summary>The body, and a way to find the context of each object in it: for batches, whose entities each have their own.</summary>
    /// <param name="isContext">Whether the body is itself a context: then no other one is involved.</param>
    public async Task<(JsonElement Body, Func<JsonElement, ValueTask<LdContext>> ContextOf)> ReadManyAsync(bool isContext = false)
    {
        var (body, media) = await ReadJsonAsync();
        if (!isContext && media == MediaTypes.LdJson && Link is not null)
        {
            throw NgsiLdException.BadRequestData("With application/ld+json the @context belongs into the body, not into a Link header.");
        }

        return (body, element => ContextOfAsync(element, media));
    }

    private async Task<(JsonElement Body, string Media)> ReadJsonAsync()
    {
        var media = Http.Request.GetTypedHeaders().ContentType?.MediaType.Value?.ToLowerInvariant();
        return media is not null && MediaTypes.Bodies(Http.Request).Contains(media) ? (await JsonBody.ReadAsync(Http.Request, Aborted), media)
            : throw NgsiLdException.Refused(StatusCodes.Status415UnsupportedMediaType, "Send application/json or application/ld+json.");
    }

    private async ValueTask<LdContext> ContextOfAsync(JsonElement body, string media)
    {
        var member = default(JsonElement);
        var given = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("@context", out member);
        return (media, given, Link) switch
        {
            (MediaTypes.LdJson, false, _) => throw NgsiLdException.BadRequestData("With application/ld+json the body needs an @context."),
            (MediaTypes.Json or MediaTypes.MergePatch, true, _) => throw NgsiLdException.BadRequestData($"With {media} the @context belongs into a Link header, not into the body."),
            (_, true, not null) => throw NgsiLdException.BadRequestData("The @context is given twice: in the Link header and in the body."),
            (_, true, _) => await Contexts.ResolveAsync(Owner, member, Aborted),
            _ => await ContextAsync(),
        };
    }

    private static async ValueTask<string> TenantAsync(HttpContext http, string named)
    {
        var caller = Caller.From(http.User);
        if (http.User.Identity is not { IsAuthenticated: true })
        {
            var open = http.RequestServices.GetRequiredService<PublicReading>();
            var tenant = named.Length > 0 ? named : open.OnlyTenant;
            return tenant is not null && open.Opens(tenant) ? tenant : throw NgsiLdException.NonexistentTenant(named);
        }

        if (named.Length == 0)
        {
            return caller.City ?? (caller.IsPlatformAdmin ? DefaultTenant : caller.RequiredCity);
        }

        if (named == caller.City)
        {
            return named;
        }

        var writes = !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsDelete(http.Request.Method) && http.Request.Path.Value?.EndsWith("/query", StringComparison.Ordinal) != true;
        return caller.IsPlatformAdmin && TenantPattern().IsMatch(named)
            && (writes || named == DefaultTenant || await http.RequestServices.GetRequiredService<TenantRegistry>().ExistsAsync(named, http.RequestAborted)) ? named
            : throw NgsiLdException.NonexistentTenant(named);
    }

    /// <exception cref="NgsiLdException">There is no such snapshot (ResourceNotFound).</exception>
    private static async ValueTask<string> DataTenantAsync(HttpContext http, string tenant)
    {
        if (http.Request.Headers[SnapshotHeader].ToString() is not { Length: > 0 } named)
        {
            return tenant;
        }

        var services = http.RequestServices;
        var id = Uri.UnescapeDataString(named[(named.LastIndexOf('/') + 1)..]);
        var found = await SnapshotStore.UseAsync(services.GetRequiredService<Database>(), tenant, id, services.GetRequiredService<TimeProvider>().GetUtcNow(), http.RequestAborted);
        http.Response.Headers[SnapshotHeader] = named;
        return found ?? throw NgsiLdException.ResourceNotFound($"There is no snapshot {named}.");
    }

    /// <exception cref="NgsiLdException">More than one context is linked.</exception>
    private static string? LinkOf(HttpRequest request)
    {
        var links = request.Headers.Link.SelectMany(value => LinkPattern().Matches(value ?? "")).Select(match => match.Groups[1].Value).ToArray();
        return links.Length <= 1 ? links.FirstOrDefault() : throw NgsiLdException.BadRequestData("Link: at most one JSON-LD context is allowed.");
    }

    [GeneratedRegex("<([^>]+)>\\s*;[^,<]*rel=\"?http://www\\.w3\\.org/ns/json-ld#context\"?")]
    private static partial Regex LinkPattern();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
    private static partial Regex TenantPattern();
}
