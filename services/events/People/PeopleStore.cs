using Dapper;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Events.People;

/// <summary>Who speaks, moderates or chairs. Organisation and title change over time, so each is known for an event or a period.</summary>
/// <param name="Id">Stable name.</param>
/// <param name="Name">As the person writes it.</param>
/// <param name="Variants">Other spellings, so that a search finds them.</param>
/// <param name="Affiliations">What the person was, the earliest first.</param>
internal sealed record Person(string Id, string Name, IReadOnlyList<string> Variants, IReadOnlyList<Affiliation> Affiliations);

/// <param name="As">Title and organisation, as the source has them.</param>
/// <param name="Event">The event at which it was so.</param>
/// <param name="From">Since when, where known.</param>
/// <param name="Until">Until when, where known.</param>
internal sealed record Affiliation(string As, string? Event = null, DateOnly? From = null, DateOnly? Until = null);

internal static class PeopleStore
{
    private const string Insert = "INSERT INTO person AS p (id, name, variants, affiliations, search) VALUES ($1, $2, $3, $4::text::jsonb, folded($5)) ON CONFLICT (id) ";
    private const string Replace = "DO UPDATE SET name = excluded.name, variants = excluded.variants, affiliations = excluded.affiliations, search = excluded.search, revision = p.revision + 1";

    /// <summary>Adds a person who is not known yet.</summary>
    public static Task AddAsync(Work work, Person person, CancellationToken cancellationToken) => WriteAsync(work, person, Insert + "DO NOTHING", cancellationToken);

    public static Task SaveAsync(Work work, Person person, CancellationToken cancellationToken) => WriteAsync(work, person, Insert + Replace, cancellationToken);

    public static async Task<(Person Person, long Revision)?> FindAsync(Work work, string id, CancellationToken cancellationToken) =>
        await work.Connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition("SELECT id, name, variants, affiliations, revision FROM person WHERE id = @id", new { id }, work.Transaction, cancellationToken: cancellationToken)) is { } row
            ? (row.Person, row.Revision) : null;

    /// <summary>People whose name or affiliation is like these words; all where there are none.</summary>
    public static async Task<IEnumerable<Person>> SearchAsync(Work work, string? words, CancellationToken cancellationToken) =>
        (await work.Connection.QueryAsync<Row>(new CommandDefinition("""
            SELECT id, name, variants, affiliations, revision FROM person WHERE @words::text IS NULL OR word_similarity(folded(@words), search) >= 0.5
            ORDER BY CASE WHEN @words::text IS NULL THEN 0 ELSE word_similarity(folded(@words), search) END DESC, name LIMIT 500
            """, new { words }, work.Transaction, cancellationToken: cancellationToken))).Select(row => row.Person);

    private static async Task WriteAsync(Work work, Person person, string sql, CancellationToken cancellationToken)
    {
        await using var command = work.Command(sql, person.Id, person.Name, person.Variants.ToArray(), ProgrammeJson.Write(person.Affiliations), string.Join(' ', [person.Name, .. person.Variants, .. person.Affiliations.Select(affiliation => affiliation.As)]));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Name { get; init; } = "";

        public string[] Variants { get; init; } = [];

        public string Affiliations { get; init; } = "[]";

        public long Revision { get; init; }

        public Person Person => new(Id, Name, Variants, ProgrammeJson.Parse<List<Affiliation>>(Affiliations));
    }
}
