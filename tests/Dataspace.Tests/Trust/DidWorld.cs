using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Dataspace.Tests.Trust;

/// <summary>A place on the web where participants and issuers have their DID documents, credential services and status lists. What each of them says, the test decides.</summary>
public sealed class DidWorld : IAsyncDisposable
{
    private readonly WebApplication server;

    private DidWorld(WebApplication server) => this.server = server;

    public ConcurrentDictionary<string, Func<HttpContext, Task<IResult>>> Answers { get; } = new();

    /// <summary>The paths that were asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public string Address => server.Urls.First();

    public static async Task<DidWorld> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var world = new DidWorld(server);
        server.Map("/{**path}", async (HttpContext http, string path) =>
        {
            world.Asked.Enqueue(path);
            return world.Answers.TryGetValue(path, out var answer) ? await answer(http) : Results.NotFound();
        });
        await server.StartAsync();
        return world;
    }

    public string Did(string name) => $"did:web:127.0.0.1%3A{new Uri(Address).Port}:{name}";

    /// <summary>Somebody with a DID document.</summary>
    public DidActor Actor(string name)
    {
        var actor = new DidActor(this, name);
        Answers[$"{name}/did.json"] = _ => Task.FromResult(Results.Json(actor.Document));
        Answers[$"{name}/presentations/query"] = async http =>
        {
            actor.Queries.Enqueue((http.Request.Headers.Authorization.ToString(), (JsonObject)(await JsonNode.ParseAsync(http.Request.Body))!));
            return Results.Json(new JsonObject { ["@context"] = new JsonArray(DidActor.DcpContext), ["type"] = "PresentationResponseMessage", ["presentation"] = actor.Present() });
        };
        return actor;
    }

    /// <summary>Lets a DID lead to the document that a connector shows under its own address.</summary>
    public void Forward(string name, HttpClient connector) => Answers[$"{name}/did.json"] = async _ => Results.Text(await connector.GetStringAsync("/.well-known/did.json"), "application/did+json");

    public void Text(string path, string text) => Answers[path] = _ => Task.FromResult(Results.Text(text));

    public async ValueTask DisposeAsync() => await server.DisposeAsync();
}

/// <summary>A participant or an issuer, played by the test.</summary>
public sealed class DidActor
{
    public const string DcpContext = "https://w3id.org/dspace-dcp/v1.0/dcp.jsonld";

    private static readonly JsonWebTokenHandler Tokens = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly DidWorld world;
    private readonly string name;

    public DidActor(DidWorld world, string name)
    {
        (this.world, this.name, Did) = (world, name, world.Did(name));
        Document = new JsonObject
        {
            ["@context"] = new JsonArray("https://www.w3.org/ns/did/v1"),
            ["id"] = Did,
            ["verificationMethod"] = new JsonArray(Method("key-1", Key)),
            ["authentication"] = new JsonArray("#key-1"),
            ["assertionMethod"] = new JsonArray($"{Did}#key-1"),
            ["capabilityInvocation"] = new JsonArray($"{Did}#key-1"),
            ["service"] = new JsonArray(new JsonObject { ["id"] = $"{Did}#credentials", ["type"] = "CredentialService", ["serviceEndpoint"] = $"{world.Address}/{name}" }),
        };
        Present = () => new JsonArray(Presentation());
    }

    public string Did { get; }

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public JsonObject Document { get; }

    public List<string> Held { get; } = [];

    /// <summary>Who asks for presentations, and what for.</summary>
    public ConcurrentQueue<(string Authorization, JsonObject Query)> Queries { get; } = new();

    /// <summary>What the credential service answers.</summary>
    public Func<JsonArray> Present { get; set; }

    /// <summary>Who the presentations are for.</summary>
    public string Audience { get; set; } = "";

    public static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public JsonObject Method(string fragment, ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        return new JsonObject
        {
            ["id"] = $"{Did}#{fragment}",
            ["type"] = "JsonWebKey",
            ["controller"] = Did,
            ["publicKeyJwk"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64UrlEncoder.Encode(point.X), ["y"] = Base64UrlEncoder.Encode(point.Y) },
        };
    }

    /// <summary>The claims of a good self-issued token.</summary>
    public JsonObject Claims(string audience) => new()
    {
        ["iss"] = Did, ["sub"] = Did, ["aud"] = audience, ["jti"] = Guid.NewGuid().ToString(), ["iat"] = Now, ["exp"] = Now + 120, ["token"] = "an access token of mine",
    };

    public string Sign(JsonObject payload, string? kid = "", ECDsa? key = null, string algorithm = SecurityAlgorithms.EcdsaSha256) => Tokens.CreateToken(
        payload.ToJsonString(), new SigningCredentials(new ECDsaSecurityKey(key ?? Key) { KeyId = kid is null ? null : kid.Length == 0 ? $"{Did}#key-1" : kid }, algorithm));

    /// <summary>A credential of this issuer.</summary>
    public JsonObject Credential(string type, string subject, JsonObject? claims = null, JsonNode? status = null)
    {
        var about = claims ?? [];
        about["id"] = subject;
        var credential = new JsonObject
        {
            ["@context"] = new JsonArray("https://www.w3.org/ns/credentials/v2"),
            ["id"] = $"urn:uuid:{Guid.NewGuid()}",
            ["type"] = new JsonArray("VerifiableCredential", type),
            ["issuer"] = Did,
            ["validFrom"] = DateTimeOffset.UtcNow.AddDays(-1).ToString("O"),
            ["validUntil"] = DateTimeOffset.UtcNow.AddDays(30).ToString("O"),
            ["credentialSubject"] = about,
        };
        if (status is not null)
        {
            credential["credentialStatus"] = status;
        }

        return credential;
    }

    /// <summary>The place on this issuer's status list.</summary>
    public JsonObject Status(int index, string purpose = "revocation") => new()
    {
        ["type"] = "BitstringStatusListEntry", ["statusPurpose"] = purpose, ["statusListIndex"] = $"{index}", ["statusListCredential"] = $"{world.Address}/{name}/status/{purpose}",
    };

    /// <summary>Publishes a list on which these entries are set.</summary>
    public void PublishStatus(string purpose = "revocation", int bytes = 16 * 1024, params int[] set)
    {
        var bits = new byte[bytes];
        foreach (var index in set)
        {
            bits[index / 8] |= (byte)(0x80 >> (index % 8));
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bits);
        }

        world.Text($"{name}/status/{purpose}", Sign(new JsonObject
        {
            ["@context"] = new JsonArray("https://www.w3.org/ns/credentials/v2"),
            ["type"] = new JsonArray("VerifiableCredential", "BitstringStatusListCredential"),
            ["issuer"] = Did,
            ["credentialSubject"] = new JsonObject { ["type"] = "BitstringStatusList", ["statusPurpose"] = purpose, ["encodedList"] = "u" + Base64UrlEncoder.Encode(packed.ToArray()) },
        }));
    }

    /// <summary>A presentation of what this participant holds.</summary>
    public string Presentation(Action<JsonObject>? spoil = null, ECDsa? key = null)
    {
        var presentation = new JsonObject
        {
            ["@context"] = new JsonArray("https://www.w3.org/ns/credentials/v2"),
            ["type"] = new JsonArray("VerifiablePresentation"),
            ["holder"] = Did,
            ["verifiableCredential"] = new JsonArray([.. Held.Select(credential => new JsonObject { ["type"] = "EnvelopedVerifiableCredential", ["id"] = "data:application/vc+jwt," + credential })]),
            ["iss"] = Did, ["aud"] = Audience, ["iat"] = Now, ["exp"] = Now + 120,
        };
        spoil?.Invoke(presentation);
        return Sign(presentation, key: key);
    }
}
