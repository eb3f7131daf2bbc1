using LivingCity.Gateway.Portal.Assessment;
using LivingCity.Gateway.Portal.Dataspace;
using LivingCity.Gateway.Portal.Errors;
using LivingCity.Gateway.Portal.Events;
using LivingCity.Gateway.Portal.Languages;
using LivingCity.Gateway.Portal.Layout;
using LivingCity.Gateway.Portal.Operations;
using LivingCity.Gateway.Portal.Pages.Datasets;
using LivingCity.Gateway.Portal.Pages.DesignSamples;
using LivingCity.Gateway.Portal.Preferences;
using LivingCity.Gateway.Portal.Services;
using LivingCity.Gateway.Portal.Sessions;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LivingCity.Gateway.Portal;

/// <summary>The pages for people: rendered here, signed in here, filled by the services.</summary>
internal static class PortalExtensions
{
    public static WebApplicationBuilder AddPortal(this WebApplicationBuilder builder)
    {
        builder.AddDatabase(typeof(PortalExtensions).Assembly);
        builder.Services.AddRazorComponents();
        builder.Services.AddAntiforgery(options => options.Cookie.Name = "city-form");
        builder.Services.AddSessions().AddLanguages().AddPlatformClient();
        // First of the writers, because the framework's own takes whatever it is offered.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, ErrorPages>());
        builder.Services.TryAddSingleton<PagePolicy>();
        builder.Services.TryAddSingleton<SiteFiles>();
        return builder;
    }

    /// <summary>Files and languages: before the shared defaults, whose errors are pages too.</summary>
    public static void UsePortal(this WebApplication app)
    {
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file =>
            {
                file.Context.Response.Headers.CacheControl = file.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "public, max-age=300";
                // For the service worker, whose requests are held to the policy of its script.
                file.Context.Response.Headers.ContentSecurityPolicy = "default-src 'self'";
            },
        });
        app.UseLanguages();
    }

    public static void MapPortal(this WebApplication app)
    {
        var portal = app.MapGroup("").RequireAuthorization(Access.Public).AcceptsSession().ExcludeFromDescription();
        portal.MapSessions();
        portal.MapPreferences();
        portal.MapOperations();
        portal.MapDataspaceActions();
        portal.MapEventActions();
        portal.MapAssessmentActions();
        portal.MapSampleData();
        portal.MapCataloguePlaces();
        portal.MapRazorComponents<App>();
    }
}
