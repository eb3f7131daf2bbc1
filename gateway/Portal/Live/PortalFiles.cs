using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace LivingCity.Gateway.Portal.Live;

/// <summary>
/// The browser's part of the portal, as Vite has built it into <c>wwwroot/portal</c>. It may be built after the gateway, or not at all: then its pages are without maps and
/// charts. Each file has compressed twins beside it, so that nothing is compressed while someone waits.
/// </summary>
internal static class PortalFiles
{
    /// <summary>Vite puts what has a digest in its name here: it never changes.</summary>
    private const string Hashed = "/chunks";

    private static readonly (string Coding, string Ending)[] Twins = [("br", ".br"), ("gzip", ".gz")];

    /// <summary>To be used before routing, and before other static files: it knows the twins.</summary>
    public static void UsePortalFiles(this WebApplication app, string prefix)
    {
        var folder = Path.Combine(app.Environment.ContentRootPath, "wwwroot", prefix.TrimStart('/'));
        if (!Directory.Exists(folder))
        {
            return;
        }

        var files = new PhysicalFileProvider(folder);
        var types = new FileExtensionContentTypeProvider();
        app.UseWhen(context => context.Request.Path.StartsWithSegments(prefix, out var rest) && files.GetFileInfo(rest.Value!) is { Exists: true, IsDirectory: false }, branch =>
        {
            branch.Use((context, next) =>
            {
                context.Request.Path = Negotiate(context, files, context.Request.Path.Value![prefix.Length..]);
                return next(context);
            });
            branch.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = files,
                ServeUnknownFileTypes = true,
                OnPrepareResponse = file => Describe(file.Context.Response, file.Context.Request.Path.Value!, types),
            });
        });
    }

    private static string Negotiate(HttpContext context, PhysicalFileProvider files, string path)
    {
        var accepted = context.Request.GetTypedHeaders().AcceptEncoding.Where(coding => coding.Quality != 0).Select(coding => coding.Value.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return path + Twins.FirstOrDefault(twin => accepted.Contains(twin.Coding) && files.GetFileInfo(path + twin.Ending).Exists).Ending;
    }

    private static void Describe(HttpResponse response, string path, FileExtensionContentTypeProvider types)
    {
        if (Twins.FirstOrDefault(twin => path.EndsWith(twin.Ending, StringComparison.Ordinal)) is { Coding: { } coding } twin)
        {
            response.Headers.ContentEncoding = coding;
            path = path[..^twin.Ending.Length];
        }

        response.ContentType = types.TryGetContentType(path, out var type) ? type : "application/octet-stream";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.CacheControl = path.StartsWith(Hashed, StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
    }
}
