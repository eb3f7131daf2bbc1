namespace LivingCity.Contracts.Ingestion;

/// <summary>Observations that a city's context broker has stored durably. One message per accepted request.</summary>
/// <param name="City">The tenant.</param>
/// <param name="RecordedAt">When the broker stored them.</param>
/// <param name="Observations">What was observed, in the order in which it was sent.</param>
public sealed record ObservationsRecorded(string City, DateTimeOffset RecordedAt, IReadOnlyList<Observation> Observations);

/// <summary>The measured attributes of one entity at one instant.</summary>
/// <param name="EntityId">URI of the entity.</param>
/// <param name="EntityType">Short name of its (first) type.</param>
/// <param name="ObservedAt">When it was measured.</param>
/// <param name="Values">Numbers by the attribute's short name.</param>
/// <param name="Name">The entity's name for people, where it has one.</param>
/// <param name="Location">Where, in WGS 84, where known.</param>
/// <param name="Synthetic">True for data of the demonstration city: computed, never measured.</param>
public sealed record Observation(
    string EntityId,
    string EntityType,
    DateTimeOffset ObservedAt,
    IReadOnlyDictionary<string, Measurement> Values,
    string? Name = null,
    Position? Location = null,
    bool Synthetic = false);

/// <summary>A number with its unit.</summary>
/// <param name="Value">The number.</param>
/// <param name="UnitCode">UN/CEFACT common code (Recommendation 20), for instance GQ for µg/m³ and CEL for °C.</param>
public sealed record Measurement(double Value, string? UnitCode = null);

/// <summary>A point in WGS 84, in degrees.</summary>
public sealed record Position(double Longitude, double Latitude);

/// <summary>A dataset that a service can serve, described for the catalogue.</summary>
/// <param name="City">The tenant that owns it.</param>
/// <param name="DatasetId">URI, stable for the life of the dataset.</param>
/// <param name="Title">Title by language tag.</param>
/// <param name="Description">Description by language tag.</param>
/// <param name="Keywords">Keywords in English.</param>
/// <param name="Theme">EU data theme (authority table), for instance ENVI or TRAN.</param>
/// <param name="AccessPath">Path below the gateway at which it is served.</param>
/// <param name="MediaType">Media type served there.</param>
/// <param name="License">URI of the licence.</param>
/// <param name="DescribedAt">When this description was made; a later one replaces it.</param>
/// <param name="EntityType">For context data, the short name of the entity type.</param>
/// <param name="Synthetic">True for data of the demonstration city.</param>
public sealed record DatasetDescribed(
    string City,
    string DatasetId,
    IReadOnlyDictionary<string, string> Title,
    IReadOnlyDictionary<string, string> Description,
    IReadOnlyList<string> Keywords,
    string Theme,
    string AccessPath,
    string MediaType,
    string License,
    DateTimeOffset DescribedAt,
    string? EntityType = null,
    bool Synthetic = false);
