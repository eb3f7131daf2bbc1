using System.Net;
using LivingCity.Testing;

namespace LivingCity.ServiceDefaults.Tests;

/// <summary>What a service does with tokens that are not what they seem.</summary>
public sealed class TokenTests(SampleFixture fixture, Infrastructure infrastructure) : IClassFixture<SampleFixture>
{
    private readonly SampleApp sample = fixture.Sample;

    public static TheoryData<string> Forgeries => [.. TokenForgeries.Names];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Request_WithAForgedToken_IsUnauthorized(string forgery)
    {
        using var client = sample.With(TokenForgeries.Make(forgery, infrastructure.Issuer));

        var answer = await client.GetAsync("/officer", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("sofia", "data-officer", HttpStatusCode.NoContent)]
    [InlineData("sofia", "city-admin", HttpStatusCode.NoContent)]
    [InlineData(null, "platform-admin", HttpStatusCode.NoContent)]
    [InlineData("sofia", "citizen", HttpStatusCode.Forbidden)]
    [InlineData("sofia", "planner", HttpStatusCode.Forbidden)]
    [InlineData(null, "data-officer", HttpStatusCode.Forbidden)]
    [InlineData("", "data-officer", HttpStatusCode.Forbidden)]
    public async Task Request_ByRoleAndCity_IsDecidedByThePolicy(string? city, string role, HttpStatusCode expected)
    {
        using var client = sample.As(city, role);

        Assert.Equal(expected, (await client.GetAsync("/officer", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Request_WithARoleOutsideTheRealmsClaims_IsForbidden()
    {
        var token = infrastructure.Issuer.Describe("sofia", "citizen");
        token.Claims["role"] = "data-officer";
        token.Claims["roles"] = new[] { "data-officer" };
        token.Claims["resource_access"] = new Dictionary<string, object> { ["another-client"] = new Dictionary<string, object> { ["roles"] = new[] { "data-officer" } } };
        using var client = sample.With(TestIssuer.Sign(token));

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/officer", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Request_WithoutToken_MeetsOnlyWhatIsPublic()
    {
        using var client = sample.Anonymous();

        Assert.Equal(HttpStatusCode.NoContent, (await client.GetAsync("/public", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/officer", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/without-policy", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Request_ToAnEndpointWithoutPolicy_IsForbiddenToEverybody()
    {
        using var client = sample.As(null, "platform-admin");

        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/without-policy", TestContext.Current.CancellationToken)).StatusCode);
    }
}
