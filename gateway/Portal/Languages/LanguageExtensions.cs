using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Localization;

namespace LivingCity.Gateway.Portal.Languages;

internal static class LanguageExtensions
{
    public static IServiceCollection AddLanguages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(options =>
        {
            CultureInfo[] offered = [.. Language.Offered.Select(language => CultureInfo.GetCultureInfo(language.Tag))];
            options.DefaultRequestCulture = new RequestCulture("en");
            options.SupportedCultures = options.SupportedUICultures = offered;
            options.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = Preferences.PreferenceEndpoints.LanguageCookie }, new AcceptLanguageHeaderRequestCultureProvider()];
        });
        return services;
    }

    /// <summary>Dates and numbers of English pages as they are written in the Union.</summary>
    private static readonly CultureInfo EuropeanEnglish = CultureInfo.GetCultureInfo("en-IE");

    /// <summary>The visitor's choice, else the browser's languages, else English; on pages only.</summary>
    public static void UseLanguages(this WebApplication app) =>
        app.UseWhen(context => PortalPaths.IsForPeople(context.Request.Path), pages =>
        {
            pages.UseRequestLocalization();
            pages.Use((context, next) =>
            {
                if (CultureInfo.CurrentCulture.Name == "en")
                {
                    CultureInfo.CurrentCulture = EuropeanEnglish;
                }

                return next(context);
            });
        });
}
