using LivingCity.Gateway.Portal.Languages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.Gateway.Portal.Preferences;

/// <summary>Language and theme, kept in cookies that say nothing else. Each answers with the page on which it was chosen.</summary>
internal static class PreferenceEndpoints
{
    public const string LanguageCookie = "city-language";
    public const string ThemeCookie = "city-theme";

    public static void MapPreferences(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/preferences/language", ([FromForm] string? language, [FromForm] string? returnUrl, HttpContext context) =>
        {
            if (Language.Offered.Any(offered => offered.Tag == language))
            {
                Keep(context, LanguageCookie, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language!)));
            }

            return Back(returnUrl);
        });
        routes.MapPost("/preferences/theme", ([FromForm] string? theme, [FromForm] string? returnUrl, HttpContext context) =>
        {
            if (theme is "light" or "dark")
            {
                Keep(context, ThemeCookie, theme);
            }
            else
            {
                context.Response.Cookies.Delete(ThemeCookie);
            }

            return Back(returnUrl);
        });
    }

    /// <summary>The chosen theme, or null for the device's.</summary>
    public static string? ThemeOf(HttpContext context) => context.Request.Cookies[ThemeCookie] is "light" or "dark" ? context.Request.Cookies[ThemeCookie] : null;

    private static RedirectHttpResult Back(string? returnUrl) => TypedResults.Redirect(PortalPaths.Local(returnUrl));

    private static void Keep(HttpContext context, string name, string value) => context.Response.Cookies.Append(name, value, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        MaxAge = TimeSpan.FromDays(365),
        IsEssential = true,
    });
}
