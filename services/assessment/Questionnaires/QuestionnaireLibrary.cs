using System.Text.Json;
using Dapper;
using LivingCity.ServiceDefaults.Data;

namespace LivingCity.Assessment.Questionnaires;

/// <summary>Every questionnaire that a city can answer: those of this service, and its own once published.</summary>
internal sealed class QuestionnaireLibrary(QuestionnaireCatalogue catalogue)
{
    /// <returns>Null where there is none, or none that is published.</returns>
    public async Task<Published?> FindAsync(Work work, string id, CancellationToken cancellationToken) => catalogue.Find(id) ?? (await DraftAsync(work, id, cancellationToken) is { PublishedAt: not null } own ? own.Published : null);

    /// <summary>One that must be there, because answers to it are.</summary>
    public async Task<Published> GetAsync(Work work, string id, CancellationToken cancellationToken) =>
        await FindAsync(work, id, cancellationToken) ?? throw new InvalidOperationException($"Questionnaire {id} is answered and not there.");

    /// <summary>A city's own questionnaire, published or not.</summary>
    public static async Task<Draft?> DraftAsync(Work work, string id, CancellationToken cancellationToken)
    {
        var row = await work.Connection.QuerySingleOrDefaultAsync<(string Structure, string Texts, long Version, DateTime? PublishedAt)>(new CommandDefinition(
            "SELECT structure, texts, version, published_at FROM questionnaire WHERE tenant = @Tenant AND id = @id", new { work.Tenant, id }, work.Transaction, cancellationToken: cancellationToken));
        if (row.Structure is null)
        {
            return null;
        }

        var structure = JsonSerializer.Deserialize<Questionnaire>(row.Structure, QuestionnaireCatalogue.Json)!;
        var texts = JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string>>>(row.Texts)!.ToDictionary(entry => entry.Key, entry => (IReadOnlyDictionary<string, string>)entry.Value);
        return new Draft(new Published(structure, new TextSet(structure, texts)), row.Version, row.PublishedAt);
    }
}

/// <summary>A city's own questionnaire.</summary>
internal sealed record Draft(Published Published, long Version, DateTimeOffset? PublishedAt);
