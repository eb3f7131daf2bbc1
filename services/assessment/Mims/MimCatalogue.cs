using System.Text.Json;
using LivingCity.Assessment.Questionnaires;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Assessment.Mims;

/// <summary>A catalogue of the Minimal Interoperability Mechanisms in one version, as data.</summary>
internal sealed record MimCatalogue(string Id, string Title, string Note, IReadOnlyList<Mim> Mims)
{
    private static readonly Lazy<MimCatalogue> Newest = new(() =>
    {
        using var stream = typeof(MimCatalogue).Assembly.GetManifestResourceStream("mims/mims-plus-5")!;
        return JsonSerializer.Deserialize<MimCatalogue>(stream, QuestionnaireCatalogue.Json)!;
    });

    /// <summary>MIMs Plus, version 5.</summary>
    public static MimCatalogue Plus5 => Newest.Value;

    public Mim? Find(string id) => Mims.FirstOrDefault(mim => mim.Id == id);
}

/// <summary>A mechanism.</summary>
/// <param name="Id">MIM1 and so on.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="Names">Name by language.</param>
/// <param name="Requirements">What it asks for.</param>
internal sealed record Mim(string Id, string Stage, IReadOnlyDictionary<string, string> Names, IReadOnlyList<MimRequirement> Requirements);

/// <summary>A requirement in our own wording.</summary>
internal sealed record MimRequirement(string Id, IReadOnlyDictionary<string, string> Texts);

internal static class MimEndpoints
{
    public static void MapMims(this IEndpointRouteBuilder routes) => routes.MapGet("/mims/{name}/{version:int}", Results<Ok<MimCatalogue>, ProblemHttpResult> (string name, int version) =>
        MimCatalogue.Plus5.Id == $"{name}/{version}" ? TypedResults.Ok(MimCatalogue.Plus5) : Problem.NotFound.Because($"There is no catalogue {name}/{version}; {MimCatalogue.Plus5.Id} is one."))
        .RequireAuthorization(Access.Public).WithTags("MIMs").WithSummary("A version of the catalogue of requirements.");
}
