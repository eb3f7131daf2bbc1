namespace LivingCity.Gateway.Portal.Dataspace;

/// <summary>What a form says of the holder of credentials: a field for each type (<c>claim.CityCredential</c>), and in it a line for each claim (<c>country: BG</c>).</summary>
internal static class AttestedClaims
{
    public const string Prefix = "claim.";

    /// <summary>The claims by type, each a name with a value; types of which nothing is said are left out.</summary>
    /// <returns>Null when a line is no name with a value, or names again what another has named: what is signed is all that was written, or nothing.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? Read(IEnumerable<(string Name, string Text)> fields)
    {
        var claims = new Dictionary<string, IReadOnlyDictionary<string, string>>();
        foreach (var (name, text) in fields.Where(field => field.Name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var said = new Dictionary<string, string>();
            foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Split(':', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } claim, { Length: > 0 } value] || !said.TryAdd(claim, value))
                {
                    return null;
                }
            }

            if (said.Count > 0)
            {
                claims[name[Prefix.Length..]] = said;
            }
        }

        return claims;
    }
}
