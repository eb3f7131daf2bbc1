using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LivingCity.Identity.Tests;

public sealed partial class RealmFileTests
{
    private static readonly JsonObject Realm = JsonNode.Parse(File.ReadAllText(Repository.RealmFile))!.AsObject();
    private static readonly string[] PlatformRoles = ["citizen", "data-officer", "planner", "organiser", "assessor", "city-admin", "platform-admin"];

    [Fact]
    public void Roles_OfTheDesign_AreDefined() => Assert.Empty(PlatformRoles.Except(Names(Realm["roles"]!["realm"]!, "name")));

    [Fact]
    public void UsersAndComposites_NameOnlyDefinedRoles()
    {
        var defined = Names(Realm["roles"]!["realm"]!, "name").ToHashSet();
        var named = Items(Realm["users"]!).SelectMany(user => Strings(user["realmRoles"]))
            .Concat(Items(Realm["roles"]!["realm"]!).SelectMany(role => Strings(role["composites"]?["realm"])));

        Assert.Empty(named.Except(defined));
    }

    [Fact]
    public void Clients_NameOnlyDefinedScopes()
    {
        var defined = Names(Realm["clientScopes"]!, "name").ToHashSet();
        var named = Items(Realm["clients"]!).SelectMany(client => Strings(client["defaultClientScopes"]).Concat(Strings(client["optionalClientScopes"])))
            .Concat(Strings(Realm["defaultDefaultClientScopes"])).Concat(Strings(Realm["defaultOptionalClientScopes"]));

        Assert.Empty(named.Except(defined));
    }

    [Fact]
    public void ServiceAccounts_AndClientsThatHaveOne_AreTheSame()
    {
        var accounts = Items(Realm["users"]!).Select(user => (string?)user["serviceAccountClientId"]).OfType<string>().Order();
        var clients = Items(Realm["clients"]!).Where(client => (bool)client["serviceAccountsEnabled"]!).Select(client => (string)client["clientId"]!).Order();

        Assert.Equal(clients, accounts);
    }

    [Theory]
    [InlineData("sofia")]
    [InlineData("sant-boi")]
    public void EveryCity_HasAUserForEachOfItsRoles(string city)
    {
        var roles = Items(Realm["users"]!).Where(user => user["serviceAccountClientId"] is null && CityOf(user) == city).SelectMany(user => Strings(user["realmRoles"]));

        Assert.Equal(PlatformRoles.Except(["platform-admin"]).Order(), roles.Order());
    }

    [Fact]
    public void EveryUser_HasACity_ExceptWhoActsForThePlatform()
    {
        var withoutCity = Items(Realm["users"]!).Where(user => CityOf(user) is null).SelectMany(user => Strings(user["realmRoles"])).Distinct();

        Assert.Equal(["platform-admin", "service"], withoutCity.Order());
    }

    [Fact]
    public void City_IsDeclaredInTheUserProfile_AndOnlyAdministratorsChangeIt()
    {
        var profile = (string)Realm["components"]!["org.keycloak.userprofile.UserProfileProvider"]![0]!["config"]!["kc.user.profile.config"]![0]!;
        var city = Items(JsonNode.Parse(profile)!["attributes"]!).Single(attribute => (string)attribute["name"]! == "city");

        Assert.Equal(["admin"], Strings(city["permissions"]!["edit"]));
    }

    [Fact]
    public void Secrets_ArePlaceholdersWithoutDefault()
    {
        var secrets = Items(Realm["clients"]!).Where(client => !(bool)client["publicClient"]!)
            .Select(client => ((string)client["clientId"]!, (string)client["secret"]!)).ToList();

        Assert.NotEmpty(secrets);
        Assert.All(secrets, item => Assert.Equal($"${{{item.Item1.ToUpperInvariant().Replace('-', '_')}_SECRET}}", item.Item2));
    }

    [Fact]
    public void Passwords_AreTheDemonstrationPlaceholder()
    {
        var passwords = Items(Realm["users"]!).SelectMany(user => Items(user["credentials"]!)).Select(credential => (string)credential["value"]!).Distinct();

        Assert.Equal(["${DEMO_PASSWORD:demo}"], passwords);
    }

    [Fact]
    public void CodeFlowClients_DemandPkce_AndNameRedirectsWithoutWildcard()
    {
        var clients = Items(Realm["clients"]!).Where(client => (bool)client["standardFlowEnabled"]!).ToList();

        Assert.Equal(["gateway", "portal"], clients.Select(client => (string)client["clientId"]!).Order());
        Assert.All(clients, client => Assert.Equal("S256", (string?)client["attributes"]!["pkce.code.challenge.method"]));
        Assert.All(clients.SelectMany(client => Strings(client["redirectUris"])), uri => Assert.DoesNotContain('*', uri));
    }

    [Fact]
    public void Placeholders_AreAllDocumented()
    {
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Repository.RealmFile)!, "README.md"));
        var variables = Placeholder().Matches(Realm.ToJsonString()).Select(match => match.Groups[1].Value).Distinct();

        Assert.All(variables, variable => Assert.Contains($"`{variable}`", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Identifiers_AreUnique()
    {
        var ids = Items(Realm["users"]!).Concat(Items(Realm["clients"]!)).Concat(Items(Realm["clientScopes"]!)).Concat(Items(Realm["roles"]!["realm"]!))
            .Select(item => (string)item["id"]!).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    private static string? CityOf(JsonNode user) => Strings(user["attributes"]?["city"]).SingleOrDefault();

    private static IEnumerable<JsonNode> Items(JsonNode array) => array.AsArray().Select(item => item!);

    private static IEnumerable<string> Names(JsonNode array, string member) => Items(array).Select(item => (string)item[member]!);

    private static IEnumerable<string> Strings(JsonNode? array) => array is null ? [] : Items(array).Select(item => (string)item!);

    [GeneratedRegex(@"\$\{([A-Z_]+)[:}]")]
    private static partial Regex Placeholder();
}
