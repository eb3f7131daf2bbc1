using LivingCity.Gateway.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LivingCity.Gateway.Tests;

public sealed class PolicyTests(Platform platform)
{
    [Fact]
    public void Endpoints_OfTheGateway_AllNameTheirPolicy()
    {
        var endpoints = platform.Gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints;

        Assert.NotEmpty(endpoints);
        Assert.All(endpoints, endpoint => Assert.True(
            endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null || endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is not null, endpoint.DisplayName));
    }
}
