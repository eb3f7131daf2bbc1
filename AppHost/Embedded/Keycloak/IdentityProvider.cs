using System.Globalization;
using System.Text.Json;

namespace LivingCity.AppHost.Embedded;

/// <summary>Runs the provider in <c>Embedded/Identity</c> on Node. For development only.</summary>
internal sealed class IdentityProvider(KeycloakResource keycloak, Stack stack) : ILifecycle
{
    private readonly string folder = Path.Combine(stack.Options.AppHostDirectory, "Embedded", "Identity");
    private string node = "";
    private string realmFile = "";
    private string realm = "";

    public void Locate()
    {
        node = Programs.FindOnPath("node");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            throw new ResourceFailedException("The OpenID provider's packages are not installed: run eng/setup.sh (or 'npm ci' in AppHost/Embedded/Identity).");
        }

        realmFile = keycloak.RealmFolder is { } realms && Directory.Exists(realms)
            ? Directory.EnumerateFiles(realms, "*-realm.json").Order().FirstOrDefault() ?? ""
            : "";
        if (realmFile.Length == 0)
        {
            throw new ResourceFailedException($"{keycloak.Name}: no *-realm.json in {keycloak.RealmFolder ?? "the realm folder; name one with WithRealmImport"}.");
        }

        using var document = JsonDocument.Parse(File.ReadAllText(realmFile));
        realm = document.RootElement.GetProperty("realm").GetString()!;
    }

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(stack.Data.Path, keycloak.Name));
        return Task.CompletedTask;
    }

    public LaunchPlan Plan(int replica)
    {
        var variables = new Dictionary<string, string>();
        if (stack.PublicAddress is { } address)
        {
            // The realm's redirect addresses hold ${GATEWAY_URL:...}, because the gateway's port may differ from the usual one.
            variables["GATEWAY_URL"] = address;
        }

        keycloak.Environment.ForEach(entry => entry(variables));
        string[] arguments =
        [
            Path.Combine(folder, "server.mjs"),
            "--realm", realmFile,
            "--host", "127.0.0.1",
            "--port", keycloak.Endpoint("http").Port().ToString(CultureInfo.InvariantCulture),
            "--issuer", Address,

            // The signing key: a provider that crashed and came back must not invalidate the tokens of everybody.
            "--state", Path.Combine(stack.Data.Path, keycloak.Name),
        ];
        return new(node, arguments, folder, variables);
    }

    public Task<string?> CheckAsync(int replica, CancellationToken cancellationToken) =>
        HttpHealth.CheckAsync($"{Address}/.well-known/openid-configuration", 200, cancellationToken);

    private string Address => $"{keycloak.Endpoint("http").Url()}/realms/{realm}";
}
