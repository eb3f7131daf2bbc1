using Microsoft.Extensions.Configuration;

namespace LivingCity.AppHost.Embedded;

/// <summary>
/// Starts the platform, or any part of it, inside a test: ephemeral data, random ports, real programs. Dispose the application to stop
/// everything and delete its data.
/// </summary>
public sealed class DistributedApplicationTestingBuilder : IDistributedApplicationBuilder
{
    private readonly DistributedApplicationBuilder builder;

    private DistributedApplicationTestingBuilder(DistributedApplicationBuilder builder) => this.builder = builder;

    public IConfiguration Configuration => builder.Configuration;

    public DistributedApplicationExecutionContext ExecutionContext => builder.ExecutionContext;

    public string AppHostDirectory => builder.AppHostDirectory;

    /// <summary>The application that this assembly's entry point describes. Arguments are configuration (<c>--Parameters:city-demo=true</c>).</summary>
    public static Task<DistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(params string[] args)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}"/>
    public static Task<DistributedApplicationTestingBuilder> CreateAsync(Type entryPoint, params string[] args) =>
        Task.FromResult(new DistributedApplicationTestingBuilder(EntryPointCapture.Run(entryPoint.Assembly, args)));

    /// <summary>An application without resources: the test adds those it needs.</summary>
    public static DistributedApplicationTestingBuilder Create(params string[] args) =>
        new(new(CommandLine.ForTest(args, CommandLine.FindHostDirectory())));

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource => builder.AddResource(resource);

    /// <summary>Keeps data in this folder instead of an ephemeral one, for tests of what survives.</summary>
    public DistributedApplicationTestingBuilder WithDataFolder(string folder)
    {
        builder.Options = builder.Options with { Ephemeral = false, DataFolder = folder };
        return this;
    }

    public DistributedApplication Build() => builder.BuildApplication();

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) => Task.FromResult(Build());
}

/// <summary>Names the AppHost in <see cref="DistributedApplicationTestingBuilder.CreateAsync{TEntryPoint}"/>: a test project may see many types named Program.</summary>
public sealed class AppHostEntryPoint
{
    private AppHostEntryPoint()
    {
    }
}
