namespace LivingCity.AppHost.Embedded;

/// <summary>PostgreSQL in the words of Aspire.</summary>
public static class PostgresExtensions
{
    /// <summary>A private server; or the one that <c>ConnectionStrings:{name}</c> points at, when it is configured.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        builder.AddResource(new PostgresServerResource(name, builder.Configuration[$"ConnectionStrings:{name}"], userName?.Resource, password?.Resource, port));

    /// <summary>A database with an owner of the same name, who can log in and owns nothing else.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null) =>
        builder.ApplicationBuilder.AddResource(new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource));

    /// <summary>Names the container image; without containers the installed server is used.</summary>
    public static IResourceBuilder<T> WithImage<T>(this IResourceBuilder<T> builder, string image, string? tag = null)
        where T : IResourceWithConnectionString => builder;

    /// <summary>Data is kept in the stack's data folder anyway, unless the stack is ephemeral.</summary>
    public static IResourceBuilder<T> WithDataVolume<T>(this IResourceBuilder<T> builder, string? name = null, bool isReadOnly = false)
        where T : IResourceWithEndpoints => builder;
}
