using System.Security.Cryptography;
using System.Text;
using Dapper;
using LivingCity.Contracts.Events;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.ServiceDefaults.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Events.Declaration;

/// <summary>The declaration: its text is what the network configures (<c>Declaration:Text</c>); what was signed is known by its digest.</summary>
internal sealed record DeclarationText(string Title, string Text, string Sha256);

/// <param name="Name">Who joins.</param>
/// <param name="Kind"><c>city</c>, <c>region</c> or <c>hub</c>.</param>
/// <param name="Country">Country.</param>
/// <param name="SignerName">The authorised signatory.</param>
/// <param name="SignerTitle">In which office.</param>
/// <param name="Authority">By what the signatory is authorised: a decision of a council, say.</param>
/// <param name="Event">The event at which it joins.</param>
internal sealed record SigningRequest(string Name, string Kind, string Country, string SignerName, string SignerTitle, string Authority, string? Event = null, double? Latitude = null, double? Longitude = null);

internal sealed record SigningView(Guid Id, string Name, string Kind, string Country, string SignerName, string SignerTitle, string Authority, string State, DateTimeOffset? SignedAt, DateTimeOffset? CountersignedAt, string? RefusedBecause, string? Event, string City);

internal sealed record Refusal(string Because);

/// <summary>"Join, Boost, Sustain": who has signed, and how one joins: applied for, signed by who is authorised, countersigned by the network.</summary>
internal static class DeclarationEndpoints
{
    private static readonly Problem Wrong = new("signing-state", StatusCodes.Status409Conflict, "The signing is not at this point.");
    private static readonly Problem Known = new("already-signatory", StatusCodes.Status409Conflict, "It is a signatory already.");

    public static void MapDeclaration(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/declaration", (IConfiguration configuration) => TypedResults.Ok(TextOf(configuration))).RequireAuthorization(Access.Public).WithTags("Declaration").WithSummary("The declaration and the digest that signatures name.");
        routes.MapGet("/signatories", ListAsync).RequireAuthorization(Access.Public).WithTags("Declaration").WithSummary("Who has signed, with date and event, as far as they are known.");
        var group = routes.MapGroup("/signings").WithTags("Declaration");
        group.MapGet("/", MineAsync).RequireAuthorization(Access.SignedIn).Transactional().WithSummary("Signings of the caller's city; for the network's organisers those of all.");
        group.MapPost("/", BeginAsync).RequireAuthorization(Access.CityAdmin).Transactional().WithSummary("Applies to join.");
        group.MapPost("/{id:guid}/signature", SignAsync).RequireAuthorization(Access.CityAdmin).Transactional().WithSummary("Signs in the name of the authorised signatory.");
        group.MapPost("/{id:guid}/countersignature", CountersignAsync).RequireAuthorization(Access.Organiser).Transactional().WithSummary("The network countersigns: from now on it is a signatory.");
        group.MapPost("/{id:guid}/refusal", RefuseAsync).RequireAuthorization(Access.Organiser).Transactional().WithSummary("The network refuses, with the reason.");
        routes.MapChairs();
    }

    public static string NetworkOf(IConfiguration configuration) => configuration["Programme:Organiser"] ?? "sofia";

    private static DeclarationText TextOf(IConfiguration configuration)
    {
        var text = configuration["Declaration:Text"] ?? "Join, Boost, Sustain";
        return new DeclarationText("Join, Boost, Sustain", text, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    private static async Task<Ok<IReadOnlyList<Signatory>>> ListAsync(string? q, Database database, CancellationToken cancellationToken)
    {
        new Validation().Rule(q is null or { Length: <= 200 }, "q", "must not be longer than 200 characters").ThrowIfInvalid();
        await using var work = await database.BeginAsync(null, cancellationToken);
        return TypedResults.Ok(await SignatoryStore.SearchAsync(work, string.IsNullOrWhiteSpace(q) ? null : q.Trim(), cancellationToken));
    }

    private static async Task<Ok<IEnumerable<SigningView>>> MineAsync(Caller caller, Work work, CancellationToken cancellationToken) =>
        TypedResults.Ok((await ReadAsync(work, null, cancellationToken)).Where(signing => signing.View.City == caller.City || caller.Roles.Contains(Access.Organiser) || caller.Roles.Contains(Access.CityAdmin)).Select(signing => signing.View));

    private static async Task<Results<Created<SigningView>, ProblemHttpResult>> BeginAsync(SigningRequest request, Caller caller, IConfiguration configuration, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        new Validation()
            .Rule(request.Name.Trim().Length is > 0 and <= 200, "name", "must have 1 to 200 characters")
            .Rule(request.Kind is "city" or "region" or "hub", "kind", "must be city, region or hub")
            .Rule(request.Country.Trim().Length is > 0 and <= 100, "country", "must have 1 to 100 characters")
            .Rule(request.SignerName.Trim().Length is > 0 and <= 200, "signerName", "must have 1 to 200 characters")
            .Rule(request.SignerTitle.Trim().Length is > 0 and <= 200, "signerTitle", "must have 1 to 200 characters")
            .Rule(request.Authority.Trim().Length is > 0 and <= 1000, "authority", "must say by what the signatory is authorised")
            .Rule(request.Latitude is null or (>= -90 and <= 90) && request.Longitude is null or (>= -180 and <= 180), "latitude", "must lie on the earth")
            .ThrowIfInvalid();
        if ((await SignatoryStore.SearchAsync(work, null, cancellationToken)).Any(signatory => signatory.Name == request.Name.Trim() && signatory.Kind == request.Kind))
        {
            return Known.Because($"{request.Name} has signed.");
        }

        var id = Guid.CreateVersion7();
        await using var insert = work.Command("""
            INSERT INTO signing (tenant, id, network, name, kind, country, latitude, longitude, event_id, signer_name, signer_title, authority, text_sha256, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT id FROM event WHERE id = $9), $10, $11, $12, $13, $14)
            """, caller.RequiredCity, id, NetworkOf(configuration), request.Name.Trim(), request.Kind, request.Country.Trim(), request.Latitude, request.Longitude, request.Event, request.SignerName.Trim(), request.SignerTitle.Trim(), request.Authority.Trim(),
            Convert.FromHexString(TextOf(configuration).Sha256), time.GetUtcNow().ToUniversalTime());
        await insert.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Created($"/api/events/v1/signings/{id}", (await ReadAsync(work, id, cancellationToken)).Single().View);
    }

    private static async Task<Results<Ok<SigningView>, ProblemHttpResult>> SignAsync(Guid id, Caller caller, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var update = work.Command("UPDATE signing SET signed_by = $3, signed_at = $4 WHERE tenant = $1 AND id = $2 AND signed_at IS NULL AND refused_because IS NULL", caller.RequiredCity, id, caller.Subject, time.GetUtcNow().ToUniversalTime());
        return await DoneAsync(work, id, await update.ExecuteNonQueryAsync(cancellationToken), cancellationToken);
    }

    private static async Task<Results<Ok<SigningView>, ProblemHttpResult>> CountersignAsync(Guid id, Caller caller, IConfiguration configuration, Work work, TimeProvider time, CancellationToken cancellationToken)
    {
        RequireNetwork(caller, configuration);
        var now = time.GetUtcNow();
        await using var update = work.Command("""
            UPDATE signing SET countersigned_by = $2, countersigned_at = $3 WHERE id = $1 AND signed_at IS NOT NULL AND countersigned_at IS NULL AND refused_because IS NULL AND signed_by <> $2
            """, id, caller.Subject, now.ToUniversalTime());
        if (await update.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return await DoneAsync(work, id, 0, cancellationToken);
        }

        var signing = (await ReadAsync(work, id, cancellationToken)).Single();
        var signatory = new Signatory
        {
            Name = signing.View.Name, Kind = signing.View.Kind, Country = signing.View.Country, Latitude = signing.Latitude, Longitude = signing.Longitude, Event = signing.View.Event, SignedOn = DateOnly.FromDateTime(now.UtcDateTime),
        };
        if (!await SignatoryStore.AddAsync(work, signatory, now, cancellationToken))
        {
            return Known.Because($"{signatory.Name} has signed.");
        }

        await using var link = work.Command("UPDATE signing SET signatory_id = $2 WHERE id = $1", id, signatory.Id);
        await link.ExecuteNonQueryAsync(cancellationToken);
        work.Publish(new DeclarationSigned(signing.View.City, signatory.Id, signatory.Name, signatory.Kind, now, signatory.Event), signatory.Id.ToString(), signing.View.City);
        return TypedResults.Ok(signing.View);
    }

    private static async Task<Results<Ok<SigningView>, ProblemHttpResult>> RefuseAsync(Guid id, Refusal refusal, Caller caller, IConfiguration configuration, Work work, CancellationToken cancellationToken)
    {
        RequireNetwork(caller, configuration);
        new Validation().Rule(refusal.Because.Trim().Length is > 0 and <= 1000, "because", "is needed, in 1000 characters at most").ThrowIfInvalid();
        await using var update = work.Command("UPDATE signing SET refused_because = $2 WHERE id = $1 AND countersigned_at IS NULL AND refused_because IS NULL", id, refusal.Because.Trim());
        return await DoneAsync(work, id, await update.ExecuteNonQueryAsync(cancellationToken), cancellationToken);
    }

    private static void RequireNetwork(Caller caller, IConfiguration configuration)
    {
        if (caller.City != NetworkOf(configuration) && !caller.IsPlatformAdmin)
        {
            throw Problem.NotFound.Throw("There is no such signing for this caller.");
        }
    }

    private static async Task<Results<Ok<SigningView>, ProblemHttpResult>> DoneAsync(Work work, Guid id, int rows, CancellationToken cancellationToken) => (await ReadAsync(work, id, cancellationToken)).SingleOrDefault() switch
    {
        null => Problem.NotFound.Because($"There is no signing {id}."),
        { View: var view } when rows == 0 => Wrong.Because($"It is {view.State}. Who signed cannot countersign."),
        { View: var view } => TypedResults.Ok(view),
    };

    private static async Task<IReadOnlyList<Row>> ReadAsync(Work work, Guid? id, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<Row>(new CommandDefinition("""
            SELECT id, tenant, name, kind, country, latitude, longitude, event_id, signer_name, signer_title, authority, signed_at, countersigned_at, refused_because FROM signing WHERE @id::uuid IS NULL OR id = @id ORDER BY created_at DESC
            """, new { id }, work.Transaction, cancellationToken: cancellationToken))).AsList();

    private sealed class Row
    {
        public Guid Id { get; init; }

        public string Tenant { get; init; } = "";

        public string Name { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Country { get; init; } = "";

        public double? Latitude { get; init; }

        public double? Longitude { get; init; }

        public string? EventId { get; init; }

        public string SignerName { get; init; } = "";

        public string SignerTitle { get; init; } = "";

        public string Authority { get; init; } = "";

        public DateTime? SignedAt { get; init; }

        public DateTime? CountersignedAt { get; init; }

        public string? RefusedBecause { get; init; }

        public SigningView View => new(Id, Name, Kind, Country, SignerName, SignerTitle, Authority, RefusedBecause is not null ? "refused" : CountersignedAt is not null ? "complete" : SignedAt is not null ? "signed" : "prepared",
            SignedAt, CountersignedAt, RefusedBecause, EventId, Tenant);
    }
}
