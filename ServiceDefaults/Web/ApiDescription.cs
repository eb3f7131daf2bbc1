using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace LivingCity.ServiceDefaults.Web;

/// <summary>The service's OpenAPI document at <c>/openapi/v1.json</c>, with the realm as its security scheme.</summary>
internal static class ApiDescription
{
    private const string Scheme = "realm";

    public static IServiceCollection AddApiDescription(this IServiceCollection services, string service) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, context, _) =>
        {
            var realm = context.ApplicationServices.GetRequiredService<IOptions<AuthenticationSettings>>().Value.Authority.TrimEnd('/');
            document.Info = new OpenApiInfo { Title = $"Living City: {service}", Version = "v1" };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.OpenIdConnect,
                OpenIdConnectUrl = new Uri($"{realm}/.well-known/openid-configuration"),
                Description = "Client credentials for machines, authorisation code with PKCE for people.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var policies = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Select(data => data.Policy).OfType<string>().ToArray();
            if (policies.Any(policy => policy != Access.Public))
            {
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
                operation.Description = $"{operation.Description} Access: {string.Join(", ", policies)}.".Trim();
            }

            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").RequireAuthorization(Access.Public);
}
