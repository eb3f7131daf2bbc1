using System.Text.RegularExpressions;

namespace LivingCity.AppHost.Tests;

/// <summary>AppHost.cs is compiled against two engines; the tests run on one. So it may use only what is known to exist in both.</summary>
public sealed partial class TopologyTests
{
    /// <summary>Calls of Aspire 13.5.2 with the signatures the design lists.</summary>
    private static readonly string[] Aspire =
    [
        "AddConnectionString", "AddDatabase", "AddDockerComposeEnvironment", "AddExecutable", "AddKeycloak", "AddKubernetesEnvironment", "AddParameter", "AddPostgres", "AddProject", "AddRabbitMQ",
        "Build", "Create", "CreateBuilder", "GetEndpoint", "PublishAsDockerComposeService", "Run", "RunAsync", "WaitFor", "WaitForCompletion", "WithDataVolume", "WithEnvironment", "WithExternalHttpEndpoints",
        "WithHttpEndpoint", "WithHttpHealthCheck", "WithImage", "WithManagementPlugin", "WithRealmImport", "WithReference", "WithReplicas",
    ];

    /// <summary>Calls of .NET itself and of functions in the file.</summary>
    private static readonly string[] Own = ["AddClient", "AddConnector", "AddProject", "AddService", "GetFullPath", "GetHexString", "Replace", "Select", "Split", "ToArray", "ToUpperInvariant", "TryGetValue"];

    private static readonly string Text = File.ReadAllText(Path.Combine(CommandLine.FindHostDirectory(), "AppHost.cs"));

    [Fact]
    public void AppHost_Calls_AreAllInBothEngines()
    {
        var calls = Call().Matches(Text).Select(call => call.Groups[1].Value).Distinct().ToList();

        Assert.Contains("AddPostgres", calls);
        Assert.Empty(calls.Except(Aspire).Except(Own));
    }

    [Fact]
    public void AppHost_Conditions_AreAroundPublishersOnly()
    {
        foreach (Match condition in Condition().Matches(Text))
        {
            var lines = condition.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            Assert.All(lines, line => Assert.Matches(@"^builder\.Add(DockerCompose|Kubernetes)Environment\(", line));
        }
    }

    [GeneratedRegex(@"(?:^|[^\w])([A-Z]\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Call();

    [GeneratedRegex(@"^#if .*\n([\s\S]*?)^#endif", RegexOptions.Multiline)]
    private static partial Regex Condition();
}
