using System.Text.RegularExpressions;

namespace LivingCity.AppHost.Tests;

/// <summary>What the processes of the platform are told, as the design's table says for both engines.</summary>
public sealed partial class InjectionTests(InjectionTests.Platform platform) : IClassFixture<InjectionTests.Platform>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Services => ["ingestion", "dataspace", "twin", "events", "assessment"];

    public static TheoryData<string> Projects => [.. Services.Select(row => row.Data), "gateway"];

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Project_Started_IsGivenItsDatabaseBrokerRealmAndClient(string name)
    {
        var variables = platform.App.GetEnvironment(name);

        Assert.Equal(await platform.App.GetConnectionStringAsync($"{name}-db", Cancelled), variables["ConnectionStrings__database"]);
        Assert.Matches($"^Host=127.0.0.1;Port=[0-9]+;Username={name}-db;Password=[0-9a-f]+;Database={name}-db$", Ordered(variables["ConnectionStrings__database"]));
        Assert.Matches("^amqp://livingcity:[0-9a-f]+@127.0.0.1:[0-9]+$", variables["ConnectionStrings__messaging"]);
        Assert.Equal($"{platform.App.GetEndpoint("keycloak").GetLeftPart(UriPartial.Authority)}/realms/city", variables["Authentication__Authority"]);
        Assert.Equal(name, variables["Authentication__ClientId"]);
        Assert.Equal(platform.App.GetEnvironment("keycloak")[$"{name.ToUpperInvariant()}_SECRET"], variables["Authentication__ClientSecret"]);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Started_IsToldWhereToListenAndToReport(string name)
    {
        var variables = platform.App.GetEnvironment(name);

        Assert.Equal(platform.App.GetEndpoint(name).GetLeftPart(UriPartial.Authority), variables["ASPNETCORE_URLS"]);
        Assert.Equal("true", variables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"]);
        Assert.Equal("Development", variables["ASPNETCORE_ENVIRONMENT"]);
        Assert.Matches("^http://127.0.0.1:[0-9]+$", variables["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("http/protobuf", variables["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.StartsWith("x-otlp-api-key=", variables["OTEL_EXPORTER_OTLP_HEADERS"], StringComparison.Ordinal);
        Assert.Equal(name, variables["OTEL_SERVICE_NAME"]);
        Assert.Equal($"service.instance.id={name}-0", variables["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Equal(("1000", "1000", "1000"), (variables["OTEL_BSP_SCHEDULE_DELAY"], variables["OTEL_BLRP_SCHEDULE_DELAY"], variables["OTEL_METRIC_EXPORT_INTERVAL"]));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Gateway_Started_IsToldWhereTheServiceIs(string service) =>
        Assert.Equal(platform.App.GetEndpoint(service).GetLeftPart(UriPartial.Authority), platform.App.GetEnvironment("gateway")[$"services__{service}__http__0"]);

    [Fact]
    public void Gateway_InATest_ListensOnARandomPortThatTheRealmKnows()
    {
        Assert.NotEqual(8080, platform.App.GetEndpoint("gateway").Port);
        Assert.Equal(platform.App.PublicAddress, platform.App.GetEnvironment("keycloak")["GATEWAY_URL"]);
    }

    [Fact]
    public async Task Platform_Started_BecomesHealthyAndAnswersAtItsAddress()
    {
        await platform.App.ResourceNotifications.WaitForResourceHealthyAsync("gateway", Cancelled);
        using var client = platform.App.CreateHttpClient("gateway");

        using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancelled);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.All(platform.App.ResourceNotifications.All, resource => Assert.Equal(ResourceState.Healthy, resource.State));
    }

    [Fact]
    public void Ingestion_WithoutAWord_LoadsNoDemonstrationCity() => Assert.Equal("false", platform.App.GetEnvironment("ingestion")["City__Demo"]);

    [Fact]
    public void CityDemo_OnTheCommandLine_SetsTheParameter() => Assert.Equal("true", CommandLine.Parse(["--city", "demo"]).Configuration["Parameters:city-demo"]);

    /// <summary>Npgsql orders the parts by its own taste.</summary>
    private static string Ordered(string connectionString)
    {
        var parts = Part().Matches(connectionString).ToDictionary(part => part.Groups[1].Value, part => part.Value);
        return string.Join(';', new[] { "Host", "Port", "Username", "Password", "Database" }.Select(name => parts[name]));
    }

    [GeneratedRegex("(Host|Port|Username|Password|Database)=[^;]*")]
    private static partial Regex Part();

    /// <summary>The platform's own AppHost.cs; most of the tests need not wait for its health.</summary>
    public sealed class Platform : IAsyncLifetime
    {
        public DistributedApplication App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            App = await (await DistributedApplicationTestingBuilder.CreateAsync<AppHostEntryPoint>()).BuildAsync(Cancelled);
            await App.StartAsync(Cancelled);
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
