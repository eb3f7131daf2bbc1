namespace LivingCity.Dataspace.Policies;

/// <summary>The purposes of the Data Privacy Vocabulary 2 that matter to a city, and what each is a kind of. A purpose that is not here is a kind of nothing but itself.</summary>
internal static class Purposes
{
    public static readonly string Commercial = Iri.Dpv + "CommercialPurpose";

    private static readonly Dictionary<string, string> Broader = new(StringComparer.Ordinal)
    {
        ["CommercialResearch"] = "ResearchAndDevelopment",
        ["NonCommercialResearch"] = "ResearchAndDevelopment",
        ["AcademicResearch"] = "NonCommercialResearch",
        ["ScientificResearch"] = "ResearchAndDevelopment",
        ["DirectMarketing"] = "Marketing",
        ["Advertising"] = "Marketing",
        ["TargetedAdvertising"] = "Advertising",
        ["Marketing"] = "CommercialPurpose",
        ["SellData"] = "CommercialPurpose",
        ["SellProducts"] = "CommercialPurpose",
        ["ServiceOptimisation"] = "ServiceProvision",
        ["ServicePersonalisation"] = "ServiceProvision",
        ["PublicBenefit"] = "NonCommercialPurpose",
        ["ProvidePublicService"] = "PublicBenefit",
        ["UrbanPlanning"] = "PublicBenefit",
        ["EnvironmentalProtection"] = "PublicBenefit",
        ["PublicHealth"] = "PublicBenefit",
        ["EmergencyManagement"] = "PublicBenefit",
    };

    /// <summary>Whether one purpose is a kind of another, itself included.</summary>
    public static bool IsA(string purpose, string kind)
    {
        for (var at = purpose; ;)
        {
            if (at == kind)
            {
                return true;
            }

            if (!at.StartsWith(Iri.Dpv, StringComparison.Ordinal) || !Broader.TryGetValue(at[Iri.Dpv.Length..], out var broader))
            {
                // Research for a company is both research and commerce; the vocabulary's tree shows one parent only.
                return kind == Commercial && purpose == Iri.Dpv + "CommercialResearch";
            }

            at = Iri.Dpv + broader;
        }
    }
}
