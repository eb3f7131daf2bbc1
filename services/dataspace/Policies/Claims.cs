namespace LivingCity.Dataspace.Policies;

/// <summary>
/// What verified credentials say of a participant: under <c>Type</c> that one of this type is held (<c>active</c>), under <c>Type:name</c> the values of a claim about it.
/// </summary>
internal sealed class Claims
{
    /// <summary>Nothing was shown.</summary>
    public static readonly Claims None = new([]);

    /// <summary>What a policy compares with where it asks for a credential and for nothing that it says.</summary>
    public const string Held = "active";

    private readonly Dictionary<string, IReadOnlyList<string>> values;

    public Claims(IEnumerable<(string Name, string Value)> said) => values = said.GroupBy(claim => claim.Name, claim => claim.Value).ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Distinct()]);

    /// <summary>The values of a claim, or null where no credential speaks of it.</summary>
    public IReadOnlyList<string>? Of(string name) => values.GetValueOrDefault(name);
}
