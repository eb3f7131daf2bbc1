using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace LivingCity.AppHost.Embedded;

internal sealed partial class DistributedApplicationBuilder(StackOptions options) : IDistributedApplicationBuilder
{
    private readonly List<Resource> resources = [];

    public StackOptions Options { get; set; } = options;

    public IConfiguration Configuration => Options.Configuration;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new();

    public string AppHostDirectory => Options.AppHostDirectory;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (!NamePattern().IsMatch(resource.Name))
        {
            throw new ArgumentException($"'{resource.Name}' is not a resource name: lower-case letters, digits and hyphens, at most 64.", nameof(resource));
        }

        if (resources.Any(other => other.Name == resource.Name))
        {
            throw new ArgumentException($"There is a resource named '{resource.Name}' already.", nameof(resource));
        }

        resources.Add((Resource)(object)resource);
        return new ResourceBuilder<T>(this, resource);
    }

    public DistributedApplication Build()
    {
        EntryPointCapture.StopAtBuild(this);
        return BuildApplication();
    }

    public DistributedApplication BuildApplication() => new(resources, Options);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,63}$")]
    private static partial Regex NamePattern();
}
