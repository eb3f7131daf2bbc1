namespace LivingCity.AppHost.Embedded;

/// <summary>An OpenID provider that serves a Keycloak realm file under Keycloak's paths.</summary>
public sealed class KeycloakResource : Resource, IResourceWithEndpoints, IResourceWithServiceDiscovery, IResourceWithEnvironment, IResourceWithWaitSupport
{
    internal KeycloakResource(string name, int? port)
        : base(name) => Endpoints.Add(new("http", "http", port));

    internal string? RealmFolder { get; set; }

    internal override string Kind => "OpenID provider";

    internal override ILifecycle CreateLifecycle(Stack stack) => new IdentityProvider(this, stack);
}

/// <summary>Keycloak in the words of Aspire.</summary>
public static class KeycloakExtensions
{
    public static IResourceBuilder<KeycloakResource> AddKeycloak(
        this IDistributedApplicationBuilder builder,
        string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? adminUsername = null,
        IResourceBuilder<ParameterResource>? adminPassword = null) =>
        builder.AddResource(new KeycloakResource(name, port));

    /// <summary>The folder with the realm file, relative to the host's project.</summary>
    public static IResourceBuilder<KeycloakResource> WithRealmImport(this IResourceBuilder<KeycloakResource> builder, string import)
    {
        builder.Resource.RealmFolder = Path.GetFullPath(import, builder.ApplicationBuilder.AppHostDirectory);
        return builder;
    }
}
