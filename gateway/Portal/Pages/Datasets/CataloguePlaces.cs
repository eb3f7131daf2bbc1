using System.Globalization;
using System.Text.Json;
using LivingCity.Gateway.Portal.Languages;
using LivingCity.Gateway.Portal.Live;
using LivingCity.Gateway.Portal.Services;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Gateway.Portal.Pages.Datasets;

/// <summary>Where the datasets of the catalogue come from, for the map: one place for each city, in the middle of its rectangles, and the rectangles on Europe as the plan under them. Anybody may see it.</summary>
internal static class CataloguePlaces
{
    private const string Prefix = "/portal/catalogue";

    /// <summary>Room around the outermost rectangle, as a share of its side, and the least in degrees.</summary>
    private const double Margin = 0.15;
    private const double LeastMargin = 0.02;

    public static void MapCataloguePlaces(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Prefix);
        group.MapGet("/places", async (string? q, int? quality, PlatformClient platform, CancellationToken cancellation) => ConditionalJson.Of(Places(await LocatedAsync(platform, q, quality, cancellation))));
        group.MapGet("/plan", async (string? q, int? quality, PlatformClient platform, CancellationToken cancellation) => ConditionalJson.Of(Plan(await LocatedAsync(platform, q, quality, cancellation))));
    }

    public static string AddressOf(string what, string? wanted, int? quality) => $"{Prefix}/{what}?q={Uri.EscapeDataString(wanted ?? "")}{Least(quality)}";

    /// <summary>The connector's catalogue, of at least this quality.</summary>
    public static string Catalogue(int? quality) => $"/api/dataspace/v1/catalogue?limit=1000{Least(quality is >= 0 and <= 100 ? quality : null)}";

    public static List<Dataset> Found(Answer<JsonElement> catalogue, string? wanted) => catalogue.Outcome == Outcome.Done && catalogue.Value.TryGetProperty("dcat:dataset", out var datasets)
        ? [.. datasets.EnumerateArray().Select(Dataset.Read).Where(dataset => DatasetSearch.Matches(dataset, wanted))] : [];

    /// <summary>The rectangles as a plan to draw.</summary>
    internal static CityModelView Plan(IReadOnlyList<Dataset> located)
    {
        if (located.Count == 0)
        {
            return new CityModelView("FeatureCollection", true, Europe.Middle, Europe.Frame, Europe.Countries);
        }

        var all = Around(located);
        var (wide, high) = (Math.Max(LeastMargin, Margin * (all[2] - all[0])), Math.Max(LeastMargin, Margin * (all[3] - all[1])));
        double[] frame = [all[0] - wide, all[1] - high, all[2] + wide, all[3] + high];
        return new CityModelView("FeatureCollection", true, Middle(all), frame,
            [.. Europe.Countries, .. located.Select(dataset => dataset.Box!).DistinctBy(box => (box[0], box[1], box[2], box[3])).SelectMany(box => new[] { Rectangle("land", box), Rectangle("district", box) })]);
    }

    private static async Task<List<Dataset>> LocatedAsync(PlatformClient platform, string? wanted, int? quality, CancellationToken cancellation)
    {
        var catalogue = await platform.GetAsync<JsonElement>("dataspace", Catalogue(quality), cancellation);
        return catalogue.Outcome == Outcome.Done ? [.. Found(catalogue, wanted).Where(dataset => dataset.Box is not null)] : throw Problem.Unavailable.Throw("The catalogue does not answer. Try again in a moment.");
    }

    /// <summary>Datasets of one city stand at one place: on a map of several cities they could not be told apart.</summary>
    private static IReadOnlyList<StationView> Places(IReadOnlyList<Dataset> located) => [.. located.GroupBy(dataset => dataset.Publisher).SelectMany(city =>
    {
        var middle = Middle(Around([.. city]));
        return city.Select(dataset => new StationView(
            dataset.Id, "Dataset", dataset.Title(Language.Current).Text, middle[0], middle[1], dataset.Keywords.Contains("synthetic"), dataset.To, Condition.Unknown, new Dictionary<string, double>(), null, []));
    })];

    /// <summary>The rectangle around all.</summary>
    private static double[] Around(IReadOnlyList<Dataset> located) =>
        [located.Min(dataset => dataset.Box![0]), located.Min(dataset => dataset.Box![1]), located.Max(dataset => dataset.Box![2]), located.Max(dataset => dataset.Box![3])];

    private static PlanFeature Rectangle(string layer, double[] box) => new("Feature", new PlanProperties(layer), new PlanGeometry("Polygon",
        (double[][][])[[[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]], [box[0], box[1]]]]));

    private static double[] Middle(double[] box) => [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];

    private static string Least(int? quality) => quality is { } least ? string.Create(CultureInfo.InvariantCulture, $"&quality={least}") : "";
}
