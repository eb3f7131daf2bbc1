using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Gateway.Landing;

/// <summary>What a visitor finds at the gateway's address.</summary>
internal static class LandingPage
{
    private const string Policy = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void MapLandingPage(this WebApplication app)
    {
        app.MapAsset("/", "index.html", "text/html; charset=utf-8");
        app.MapAsset("/landing.css", "landing.css", "text/css; charset=utf-8");
    }

    private static void MapAsset(this WebApplication app, string path, string file, string type)
    {
        var content = Read(file);
        app.MapGet(path, (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = Policy;
            response.Headers.CacheControl = "public, max-age=300";
            return TypedResults.Bytes(content, type);
        }).RequireAuthorization(Access.Public).WithDisplayName(file).ExcludeFromDescription();
    }

    private static byte[] Read(string file)
    {
        using var stream = typeof(LandingPage).Assembly.GetManifestResourceStream($"{typeof(LandingPage).Namespace}.{file}")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
