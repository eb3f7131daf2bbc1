using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Authorization;

namespace LivingCity.Assessment.Answers;

/// <summary>Who may answer: the city's staff of any department. Inhabitants do not.</summary>
internal static class Respondents
{
    /// <summary>The policy's name.</summary>
    public const string Policy = "respondent";

    private static readonly string[] Roles = [Access.DataOfficer, Access.Planner, Access.Organiser, Access.Assessor, Access.CityAdmin];

    public static void Configure(AuthorizationOptions options) => options.AddPolicy(Policy, policy => policy.RequireAuthenticatedUser()
        .RequireAssertion(context => context.User.FindFirst("city") is { Value.Length: > 0 } && Roles.Any(context.User.IsInRole)));
}
