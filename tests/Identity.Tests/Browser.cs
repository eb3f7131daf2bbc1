using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace LivingCity.Identity.Tests;

/// <summary>A user agent with cookies of its own that follows no redirect by itself, and the client application behind it.</summary>
internal sealed class Browser(ProviderProcess provider) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() });

    public const string Verifier = "a-verifier-of-the-length-that-the-standard-asks-for-0123456789";
    public const string Redirect = $"{ProviderFixture.GatewayUrl}/signin-oidc";

    public static string Challenge => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public Task<HttpResponseMessage> GetAsync(Uri address) => http.GetAsync(address, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> PostAsync(Uri address, Dictionary<string, string> form) =>
        http.PostAsync(address, new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);

    /// <summary>Asks for a code as client <c>gateway</c>; entries of <paramref name="changes"/> replace parameters, null ones leave them out.</summary>
    public Task<HttpResponseMessage> AuthorizeAsync(Dictionary<string, string?>? changes = null)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = "gateway",
            ["response_type"] = "code",
            ["scope"] = "openid",
            ["redirect_uri"] = Redirect,
            ["state"] = "a state",
            ["nonce"] = "a nonce",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes ?? [])
        {
            parameters[name] = value;
        }

        var query = parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value!)}");
        return GetAsync(new Uri($"{provider.Endpoint("auth")}?{string.Join('&', query)}"));
    }

    /// <summary>From the question for a code to the answer of the login form.</summary>
    public async Task<HttpResponseMessage> SubmitLoginAsync(string user, string password, Dictionary<string, string?>? changes = null)
    {
        using var question = await AuthorizeAsync(changes);
        Assert.Equal(HttpStatusCode.SeeOther, question.StatusCode);
        return await PostAsync(new Uri(provider.Endpoint("auth"), question.Headers.Location!), new() { ["username"] = user, ["password"] = password });
    }

    /// <summary>Signs in and gives the address at the client to which the browser is sent in the end.</summary>
    public async Task<Uri> SignInAsync(string user, Dictionary<string, string?>? changes = null)
    {
        using var login = await SubmitLoginAsync(user, ProviderFixture.Password, changes);
        Assert.Equal(HttpStatusCode.SeeOther, login.StatusCode);
        using var resumed = await GetAsync(login.Headers.Location!);
        Assert.Equal(HttpStatusCode.SeeOther, resumed.StatusCode);
        return resumed.Headers.Location!;
    }

    public Task<Answer> RedeemAsync(Uri callback, string verifier = Verifier, string secret = ProviderFixture.GatewaySecret) => TokenAsync(new()
    {
        ["grant_type"] = "authorization_code",
        ["client_id"] = "gateway",
        ["client_secret"] = secret,
        ["code"] = QueryOf(callback)["code"],
        ["redirect_uri"] = Redirect,
        ["code_verifier"] = verifier,
    });

    public Task<Answer> RefreshAsync(string refreshToken) => TokenAsync(new()
    {
        ["grant_type"] = "refresh_token",
        ["client_id"] = "gateway",
        ["client_secret"] = ProviderFixture.GatewaySecret,
        ["refresh_token"] = refreshToken,
    });

    public async Task<Answer> TokenAsync(Dictionary<string, string> form)
    {
        using var response = await PostAsync(provider.Endpoint("token"), form);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer(response.StatusCode, JsonNode.Parse(body)!.AsObject());
    }

    public static Dictionary<string, string> QueryOf(Uri address) => address.Query.TrimStart('?').Split('&')
        .Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')));

    public void Dispose() => http.Dispose();
}

/// <summary>What the token endpoint said.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonObject Body)
{
    public string? Error => Text("error");

    public string AccessToken => Text("access_token") ?? throw new InvalidOperationException($"No access token in {Body}.");

    public string RefreshToken => Text("refresh_token") ?? throw new InvalidOperationException($"No refresh token in {Body}.");

    public string IdToken => Text("id_token") ?? throw new InvalidOperationException($"No ID token in {Body}.");

    private string? Text(string member) => (string?)Body[member];
}
