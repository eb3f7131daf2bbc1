namespace LivingCity.Contracts.Twin;

/// <summary>A city's data feed the digital twin, and these are the twin's simulation models, each with its record in the public register. Told once for a city, and again when the models change.</summary>
/// <param name="City">The tenant.</param>
/// <param name="Models">Models as <c>name/version</c>.</param>
/// <param name="RegisteredAt">When; a later message replaces an earlier one.</param>
public sealed record ModelsRegistered(string City, IReadOnlyList<string> Models, DateTimeOffset RegisteredAt);
