namespace LivingCity.AppHost.Tests;

public sealed class ReplicasTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithReplicas_OfAProject_RunsEachOnItsPortAndNamesAllToOthers()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var many = builder.AddProject("many", "../services/twin/Twin.csproj").WithHttpEndpoint().WithReplicas(2);
        builder.AddExecutable("reader", "sleep", ".", "600").WithReference(many).WithReference(many.GetEndpoint("http"));
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);

        await app.ResourceNotifications.WaitForResourceAsync("many", resource => resource.ProcessIds.Count == 2, Cancelled);

        var reader = app.GetEnvironment("reader");
        Assert.Equal(app.GetEnvironment("many", 0)["ASPNETCORE_URLS"], reader["services__many__http__0"]);
        Assert.Equal(app.GetEnvironment("many", 1)["ASPNETCORE_URLS"], reader["services__many__http__1"]);
        Assert.NotEqual(reader["services__many__http__0"], reader["services__many__http__1"]);
    }

    [Fact]
    public async Task WithEnvironment_OfEveryKind_IsEvaluatedWhenTheProcessStarts()
    {
        var builder = DistributedApplicationTestingBuilder.Create("--Parameters:flavour=sweet", "--ConnectionStrings:archive=somewhere");
        var server = builder.AddExecutable("server", "sleep", ".", "600").WithHttpEndpoint(env: "PORT");
        builder.AddExecutable("reader", "sleep", ".", "600")
            .WithEnvironment("PLAIN", "text")
            .WithEnvironment("ADDRESS", server.GetEndpoint("http"))
            .WithEnvironment("PATH_OF", ReferenceExpression.Create($"{server.GetEndpoint("http")}/path"))
            .WithEnvironment("FLAVOUR", builder.AddParameter("flavour"))
            .WithReference(builder.AddConnectionString("archive"));
        await using var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);

        var reader = app.GetEnvironment("reader");

        var address = app.GetEndpoint("server").GetLeftPart(UriPartial.Authority);
        Assert.Equal(("text", address, $"{address}/path", "sweet", "somewhere"), (reader["PLAIN"], reader["ADDRESS"], reader["PATH_OF"], reader["FLAVOUR"], reader["ConnectionStrings__archive"]));
        Assert.Equal($"{app.GetEndpoint("server").Port}", app.GetEnvironment("server")["PORT"]);
    }
}
