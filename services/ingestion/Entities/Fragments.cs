using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.Ingestion.Errors;
using LivingCity.Ingestion.Web;

namespace LivingCity.Ingestion.Entities;

/// <summary>What the parameters of a merge add to its fragment (ETSI GS CIM 009, clause 5.6.17): a common <c>observedAt</c>, and the language of bare texts.</summary>
internal static class Fragments
{
    public static Entity Complete(Entity fragment, NgsiLdRequest request)
    {
        var observedAt = request.Parameter("observedAt");
        if (observedAt is not null && !Instants.TryRead(observedAt, out _))
        {
            throw NgsiLdException.BadRequestData("observedAt: a date and time with an offset is required, like 2026-01-31T08:00:00Z.");
        }

        var language = request.Parameter("lang");
        if (observedAt is null && language is null)
        {
            return fragment;
        }

        var attributes = new Attributes();
        foreach (var (iri, instances) in fragment.Attributes)
        {
            attributes[iri] = [.. instances.Select(instance => Complete(instance, observedAt, language))];
        }

        return fragment with { Attributes = attributes };
    }

    private static AttributeInstance Complete(AttributeInstance instance, string? observedAt, string? language) =>
        instance with { Hints = (instance.Hints ?? new MergeHints()) with { Language = language, ObservedAt = observedAt } };
}
