namespace LivingCity.Twin.Models.Geo;

/// <summary>Whom a figure is about: residents of a district in one income group; empty where that is not known.</summary>
public sealed record ResidentGroup(string District, string Income)
{
    /// <summary>Group from the properties <c>district</c> and <c>income_group</c> of a feature.</summary>
    public static ResidentGroup Of(Feature feature) => new(feature.Text("district") ?? "", feature.Text("income_group") ?? "");
}
