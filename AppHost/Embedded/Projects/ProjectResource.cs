namespace LivingCity.AppHost.Embedded;

/// <summary>A .NET project, run from its built output.</summary>
public sealed class ProjectResource : Resource, IResourceWithServiceDiscovery, IResourceWithEnvironment, IResourceWithWaitSupport
{
    internal ProjectResource(string name, string projectPath)
        : base(name) => ProjectPath = projectPath;

    internal string ProjectPath { get; }

    internal override string Kind => "project";

    internal override ILifecycle CreateLifecycle(Stack stack) => new ProjectLifecycle(this, stack);
}

/// <summary>Options of a project; launch profiles are never read by this engine.</summary>
public sealed class ProjectResourceOptions
{
    public bool ExcludeLaunchProfile { get; set; }
}

/// <summary>Projects in the words of Aspire.</summary>
public static class ProjectExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.AddProject(name, projectPath, _ => { });

    /// <param name="projectPath">The project file, relative to the host's project.</param>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, Action<ProjectResourceOptions> configure)
    {
        configure(new());
        return builder.AddResource(new ProjectResource(name, Path.GetFullPath(projectPath, builder.AppHostDirectory)));
    }

    /// <summary>Runs the project this many times; references to it list every replica.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        builder.Resource.Replicas = replicas;
        return builder;
    }
}
