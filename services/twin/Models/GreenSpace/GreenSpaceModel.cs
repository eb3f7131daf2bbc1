using LivingCity.Twin.Models.Contract;

namespace LivingCity.Twin.Models.GreenSpace;

/// <summary>Green space for everyone: the rule 3-30-300, access to parks, and who gains by new ones.</summary>
public sealed class GreenSpaceModel : Model
{
    /// <inheritdoc/>
    public override ModelDescription Description { get; } = new(
        "green-space",
        "1.0.0",
        "Green space",
        "Trees seen from each home, canopy around it, way to a park on foot, and park area for one person; before and after new parks, trees and paths, by district and income group.",
        [
            "3-30-300: three visible trees, 30 % canopy, a park within 300 m (Konijnendijk 2022, Journal of Forestry Research 34, 821–830)",
            "Two-step floating catchment area (Luo and Wang 2003) with the decays of the InVEST urban nature access model",
            "Access to green spaces of 0.5–1 ha within 300 m (WHO Regional Office for Europe 2016)",
        ],
        [
            "Trees are seen in plan: hills, storeys and the season do not count.",
            "Quality, safety and opening hours of parks are not seen.",
            "Distances follow the paths that are given; missing paths make homes look far away.",
        ],
        [
            new("buildings", ValueKind.Features, "", "Polygons: people, and where known district, income_group."),
            new("parks", ValueKind.Features, "", "Polygons of public green space."),
            new("paths", ValueKind.Features, "", "Lines that people walk on; straight ways where none are given.", false),
            new("trees", ValueKind.Features, "", "Points: crown_radius (m; 4 where it is not known).", false),
            new("canopy", ValueKind.Grid, "1", "Share of each cell under trees; made from trees where it is not given.", false, 0, 1),
            new("interventions", ValueKind.Features, "", "Polygons are new parks, points new trees, lines new paths.", false),
        ],
        [
            new("buildings", ValueKind.Table, "", "For each building visible trees, canopy share, way to a park and park area for one person, baseline and scenario."),
            new("groups", ValueKind.Table, "", "People who have 3, 30 and 300, by district and income group, baseline and scenario."),
            new("totals", ValueKind.Table, "", "The same for the city, and how many gain."),
        ],
        [
            new("epsg", 25832, "1", "Reference system to compute in.", "ETRS89 / UTM 32N", 1024, 32767),
            new("visible-distance", 50, "m", "Distance at which a tree is still seen from a window.", "order of viewshed studies of 3-30-300", 5, 500),
            new("neighbourhood", 300, "m", "Radius in which canopy counts.", "Konijnendijk (2022): the neighbourhood, here within the same 300 m", 50, 2000),
            new("walk", 300, "m", "Way on foot to a park.", "Konijnendijk (2022); WHO (2016)", 50, 5000),
            new("park-area", 0.5, "ha", "Least area of a park.", "WHO Regional Office for Europe (2016): 0.5–1 ha", 0, 100),
            new("decay", "gaussian", "1", "Weight of distance in the catchments.", "Dai (2011)", Choices: ["dichotomy", "exponential", "gaussian", "density", "power"]),
            new("catchment", 800, "m", "Reach of the catchments.", "ten minutes on foot", 50, 20000),
        ]);

    /// <inheritdoc/>
    public override IReadOnlyList<VerificationCase> Verification => GreenSpaceVerification.Cases;

    /// <inheritdoc/>
    protected override void Check(ModelRun run, ICollection<InputMistake> mistakes)
    {
        if (!Geo.Crs.IsKnown((int)run.Number("epsg")))
        {
            mistakes.Add(new("epsg", "is not a reference system known here."));
        }

        foreach (var name in (string[])["buildings", "parks"])
        {
            foreach (var (feature, i) in run.Features(name)!.Features.Select((f, i) => (f, i)).Where(p => p.f.Geometry.Dimension != NetTopologySuite.Geometries.Dimension.Surface))
            {
                mistakes.Add(new($"{name}[{i}]", $"must be a polygon, not a {feature.Geometry.GeometryType}."));
            }
        }

        if (!run.Has("canopy") && !run.Has("trees"))
        {
            mistakes.Add(new("canopy", "canopy or trees must be given."));
        }
    }

    /// <inheritdoc/>
    protected override void Execute(ModelRun run)
    {
        var before = GreenScenario.Compute(run, []);
        run.Report(0.5);
        var after = GreenScenario.Compute(run, run.Features("interventions")?.Features ?? []);
        run.Report(0.95);
        GreenOutputs.Write(run, before, after);
    }
}
