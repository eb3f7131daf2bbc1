using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using LivingCity.ServiceDefaults.Security;
using Microsoft.Extensions.Options;

namespace LivingCity.Assessment.Registers;

/// <summary>Who answers for the algorithms of this installation. Section <c>Register</c>.</summary>
internal sealed class RegisterSettings
{
    /// <summary>The organisation.</summary>
    [Required]
    public string Organization { get; init; } = "Living City";

    /// <summary>Its department.</summary>
    [Required]
    public string Department { get; init; } = "Assessment helpdesk";

    /// <summary>Where to write to.</summary>
    [Required, EmailAddress]
    public string ContactEmail { get; init; } = "helpdesk@living-city.example";
}

/// <summary>The algorithms of this service by the Algorithmic Transparency Standard, version 0.3.1.</summary>
internal static class RegisterEndpoints
{
    public static IServiceCollection AddRegister(this IServiceCollection services)
    {
        services.AddOptions<RegisterSettings>().BindConfiguration("Register").ValidateDataAnnotations().ValidateOnStart();
        return services;
    }

    public static void MapRegister(this IEndpointRouteBuilder routes) => routes.MapGet("/algorithms", (IOptions<RegisterSettings> settings) => TypedResults.Ok(Records(settings.Value)))
        .RequireAuthorization(Access.Public).WithTags("Algorithm register").WithSummary("Records of the algorithms that this service uses: scoring and the roadmap optimiser.");

    private static JsonArray Records(RegisterSettings settings)
    {
        using var stream = typeof(RegisterEndpoints).Assembly.GetManifestResourceStream("registers/algorithms")!;
        var records = JsonSerializer.Deserialize<JsonArray>(stream)!;
        foreach (var record in records)
        {
            (record!["organization"], record["department"], record["contact_email"]) = (settings.Organization, settings.Department, settings.ContactEmail);
        }

        return records;
    }
}
