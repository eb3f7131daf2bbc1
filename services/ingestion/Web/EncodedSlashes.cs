namespace LivingCity.Ingestion.Web;

/// <summary>Identifiers are URIs, and these have slashes: in an address they come encoded, and routing leaves encoded slashes as they are.</summary>
internal static class EncodedSlashes
{
    /// <summary>Decodes them in what routes have matched. To be used after routing.</summary>
    public static void UseEncodedSlashes(this WebApplication app) => app.Use((context, next) =>
    {
        foreach (var (name, value) in context.Request.RouteValues.ToArray())
        {
            if (value is string text && text.Contains("%2F", StringComparison.OrdinalIgnoreCase))
            {
                context.Request.RouteValues[name] = text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
            }
        }

        return next(context);
    });
}
