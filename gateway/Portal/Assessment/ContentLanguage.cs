using LivingCity.Gateway.Portal.Languages;
using LivingCity.Gateway.Portal.Preferences;
using Microsoft.AspNetCore.Localization;

namespace LivingCity.Gateway.Portal.Assessment;

/// <summary>
/// The language that somebody answers in. Questionnaires are written in more languages than the pages around them, so what is asked is shown in the first of the visitor's languages that it has,
/// and marked with it.
/// </summary>
internal static class ContentLanguage
{
    public const string Cookie = "city-questionnaire-language";

    /// <summary>The visitor's languages, the most wanted first: as chosen beside the questionnaire, as chosen for the pages, as the browser asks, and that of the page.</summary>
    public static IReadOnlyList<string> Wanted(HttpContext context)
    {
        var request = context.Request;
        var ofPages = CookieRequestCultureProvider.ParseCookieValue(request.Cookies[PreferenceEndpoints.LanguageCookie] ?? "")?.UICultures.Select(culture => culture.ToString()) ?? [];
        var ofBrowser = request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1).Select(language => language.Value.ToString().Split('-')[0].ToLowerInvariant());
        return [.. new[] { request.Cookies[Cookie] }.Concat(ofPages).Concat(ofBrowser).Append(Language.Current).OfType<string>().Where(tag => Language.All.Any(language => language.Tag == tag)).Distinct()];
    }

    /// <summary>The same as the service takes it.</summary>
    public static string Query(HttpContext context) => string.Join('&', Wanted(context).Select(tag => $"language={tag}"));

    /// <summary>What <c>lang</c> says of a text in this language; null where it is the page's.</summary>
    public static string? Mark(string? language) => language == Language.Current ? null : language;

    /// <summary>Keeps a choice.</summary>
    public static void Choose(HttpContext context, string? language)
    {
        if (Language.All.Any(known => known.Tag == language))
        {
            context.Response.Cookies.Append(Cookie, language!, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, MaxAge = TimeSpan.FromDays(365), IsEssential = true });
        }
    }
}
