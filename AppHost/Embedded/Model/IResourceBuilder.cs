namespace LivingCity.AppHost.Embedded;

/// <summary>A resource while it is being described.</summary>
public interface IResourceBuilder<out T>
    where T : IResource
{
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    T Resource { get; }
}

internal sealed class ResourceBuilder<T>(IDistributedApplicationBuilder application, T resource) : IResourceBuilder<T>
    where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder => application;

    public T Resource => resource;
}

internal static class ResourceBuilderAccess
{
    /// <summary>The interfaces of the vocabulary are implemented by <see cref="Resource"/> alone.</summary>
    public static Resource Description<T>(this IResourceBuilder<T> builder)
        where T : IResource => (Resource)(object)builder.Resource;
}
