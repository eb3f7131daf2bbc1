using Dapper;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Events.Declaration;

/// <summary>A signatory of the declaration. Where only a year is known, there is no date.</summary>
internal sealed record Signatory
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Name { get; init; }

    /// <summary><c>city</c>, <c>region</c> or <c>hub</c>.</summary>
    public required string Kind { get; init; }

    public required string Country { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }

    /// <summary>The event at, or before, which it joined.</summary>
    public string? Event { get; init; }

    public DateOnly? SignedOn { get; init; }

    public int? Year { get; init; }

    public string? Note { get; init; }
}

internal static class SignatoryStore
{
    public static async Task AddMissingAsync(Work work, IEnumerable<Signatory> signatories, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var signatory in signatories)
        {
            await AddAsync(work, signatory, now, cancellationToken);
        }
    }

    /// <returns>False where there is one of this name and kind.</returns>
    public static async Task<bool> AddAsync(Work work, Signatory signatory, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var insert = work.Command("""
            INSERT INTO signatory (id, name, kind, country, latitude, longitude, event_id, signed_on, year, note, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (name, kind) DO NOTHING
            """, signatory.Id, signatory.Name, signatory.Kind, signatory.Country, signatory.Latitude, signatory.Longitude, signatory.Event, signatory.SignedOn, signatory.Year ?? signatory.SignedOn?.Year, signatory.Note, now.ToUniversalTime());
        return await insert.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>All signatories, those who joined first first; accents and case of <paramref name="words"/> do not matter, and a likely misspelling is found too.</summary>
    public static async Task<IReadOnlyList<Signatory>> SearchAsync(Work work, string? words, CancellationToken cancellationToken) =>
    [
        .. (await work.Connection.QueryAsync<Row>(new CommandDefinition("""
            SELECT id, name, kind, country, latitude, longitude, event_id, signed_on, year, note FROM signatory
            WHERE @words::text IS NULL OR word_similarity(folded(@words), folded(name || ' ' || country)) >= 0.5 ORDER BY year NULLS FIRST, signed_on NULLS FIRST, name
            """, new { words }, work.Transaction, cancellationToken: cancellationToken))).Select(row => row.Signatory),
    ];

    private sealed record Row(Guid Id, string Name, string Kind, string Country, double? Latitude, double? Longitude, string? EventId, DateOnly? SignedOn, int? Year, string? Note)
    {
        public Signatory Signatory => new()
        {
            Id = Id, Name = Name, Kind = Kind, Country = Country, Latitude = Latitude, Longitude = Longitude, Event = EventId, SignedOn = SignedOn, Year = Year, Note = Note,
        };
    }
}
