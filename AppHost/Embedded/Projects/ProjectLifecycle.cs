using System.Reflection;
using System.Runtime.Versioning;

namespace LivingCity.AppHost.Embedded;

/// <summary>Runs a project's output as built in the configuration and for the framework that this host was built with.</summary>
internal sealed class ProjectLifecycle(ProjectResource project, Stack stack) : ILifecycle
{
    private static readonly Assembly Host = typeof(ProjectLifecycle).Assembly;
    private readonly string assembly = OutputOf(project.ProjectPath);

    public int Processes => project.Replicas;

    public void Locate()
    {
        if (!File.Exists(assembly))
        {
            throw new ResourceFailedException($"{project.Name} is not built: run 'dotnet build -c {Configuration}' in the repository ({assembly} is missing).");
        }
    }

    public LaunchPlan Plan(int replica)
    {
        var variables = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["MALLOC_ARENA_MAX"] = "2", // glibc otherwise keeps eight heaps a core for what is not .NET's
            ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true",
            ["OTEL_SERVICE_NAME"] = project.Name,
            ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={project.Name}-{replica}",
        };
        if (project.Endpoints.Count > 0)
        {
            variables["ASPNETCORE_URLS"] = string.Join(';', project.Endpoints.Select(endpoint => endpoint.Url(replica)));
        }

        foreach (var (name, value) in stack.Exporter)
        {
            variables[name] = value;
        }

        project.Environment.ForEach(entry => entry(variables));
        return new(DotNet, [assembly], Path.GetDirectoryName(project.ProjectPath)!, variables);
    }

    public Task<string?> CheckAsync(int replica, CancellationToken cancellationToken) => HttpHealth.CheckAsync(project, replica, cancellationToken);

    private static string Configuration => Host.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    // ".NETCoreApp,Version=v10.0" is the folder net10.0
    private static string Framework => $"net{Host.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName.Split('v')[^1]}";

    private static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        ?? (Path.GetFileName(Environment.ProcessPath) is "dotnet" ? Environment.ProcessPath! : Programs.Find("dotnet", "the .NET SDK"));

    private static string OutputOf(string projectPath) => Path.Combine(
        Path.GetDirectoryName(projectPath)!, "bin", Configuration, Framework, $"LivingCity.{Path.GetFileNameWithoutExtension(projectPath)}.dll");
}
