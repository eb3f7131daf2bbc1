using Microsoft.Extensions.Configuration;

namespace LivingCity.AppHost.Embedded;

/// <summary>Describes the platform; <see cref="Build"/> makes it startable.</summary>
public interface IDistributedApplicationBuilder
{
    IConfiguration Configuration { get; }

    /// <summary>What the description is read for.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The folder that relative paths of projects, executables and realms start from.</summary>
    string AppHostDirectory { get; }

    /// <summary>Adds a resource; throws when the name is taken or is not lower-case letters, digits and hyphens.</summary>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    DistributedApplication Build();
}

/// <summary>This engine runs what is described and publishes nothing.</summary>
public sealed class DistributedApplicationExecutionContext
{
    public bool IsRunMode { get; } = true;
}
