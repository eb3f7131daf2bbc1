using System.Net;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.Testing;

/// <summary>What holds for every endpoint of every service: it names its policy, and a token that is not what it seems opens none that is not public.</summary>
public abstract class EndpointRules<TProgram>(HostFixture<TProgram> fixture, Infrastructure infrastructure) : IClassFixture<HostFixture<TProgram>>
    where TProgram : class
{
    public static TheoryData<string> Forgeries => [.. TokenForgeries.Names];

    private IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. fixture.Host.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().DistinctBy(endpoint => endpoint.DisplayName)];

    private IEnumerable<RouteEndpoint> Closed => Endpoints.Where(endpoint => !Policies(endpoint).Contains(Access.Public));

    [Fact]
    public void Endpoint_Each_NamesItsPolicy()
    {
        Assert.NotEmpty(Endpoints);
        Assert.Empty(Endpoints.Where(endpoint => !Policies(endpoint).Any()).Select(endpoint => endpoint.DisplayName));
        Assert.Empty(Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(endpoint => endpoint.DisplayName));
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task Endpoint_EachThatIsNotPublic_RefusesAForgedToken(string forgery)
    {
        using var client = fixture.Host.With(TokenForgeries.Make(forgery, infrastructure.Issuer));

        Assert.All(await SendToAllAsync(client), answer => Assert.True(answer.Status == HttpStatusCode.Unauthorized, $"{answer.Endpoint}: {answer.Status}"));
    }

    [Fact]
    public async Task Endpoint_EachThatIsNotPublic_RefusesATokenWithoutCity()
    {
        using var client = fixture.Host.As(null, "data-officer", "planner", "organiser", "assessor", "city-admin", "citizen");

        Assert.All(await SendToAllAsync(client), answer => Assert.True(answer.Status == HttpStatusCode.Forbidden, $"{answer.Endpoint}: {answer.Status}"));
    }

    private async Task<IReadOnlyList<(string Endpoint, HttpStatusCode Status)>> SendToAllAsync(HttpClient client)
    {
        var answers = new List<(string, HttpStatusCode)>();
        foreach (var endpoint in Closed)
        {
            var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
            using var request = new HttpRequestMessage(new HttpMethod(method), Address(endpoint.RoutePattern));
            if (method is "POST" or "PUT" or "PATCH")
            {
                request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
            }

            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            answers.Add(($"{method} {endpoint.RoutePattern.RawText}", answer.StatusCode));
        }

        return answers;
    }

    private static IEnumerable<string> Policies(RouteEndpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).OfType<string>();

    /// <summary>An address that matches the route: each parameter filled with what its constraint takes.</summary>
    private static string Address(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => parameter.ParameterPolicies.Select(policy => policy.Content).FirstOrDefault() switch { "guid" => Guid.Empty.ToString(), "int" => "1", _ => "x" },
        _ => "x",
    }))));
}
