namespace LivingCity.AppHost.Embedded;

/// <summary>A named part of the platform.</summary>
public interface IResource
{
    string Name { get; }
}

/// <summary>A resource that other resources reach with a connection string.</summary>
public interface IResourceWithConnectionString : IResource
{
    /// <summary>The connection string; valid once ports are allocated, that is from the start of the application on.</summary>
    ReferenceExpression ConnectionStringExpression { get; }
}

/// <summary>A resource that listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource that takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that can wait for another one.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource whose endpoints can be referenced by name (<c>services__name__http__0</c>).</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
