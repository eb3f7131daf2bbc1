using Dapper;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Security;
using Microsoft.AspNetCore.Authorization;

namespace LivingCity.Assessment.Expressions;

/// <summary>
/// The consultants who serve cities: platform administrators, and assessors of the city that <c>Helpdesk:City</c> names. They see the expressions of interest of every city, and nothing else of them.
/// </summary>
internal static class Helpdesk
{
    /// <summary>The policy's name.</summary>
    public const string Policy = "helpdesk";

    public static IServiceCollection AddHelpdesk(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAuthorization(options => options.AddPolicy(Policy, policy => policy.RequireAuthenticatedUser().RequireAssertion(context =>
            context.User.IsInRole(Access.PlatformAdmin)
            || (context.User.IsInRole(Access.Assessor) && configuration["Helpdesk:City"] is { Length: > 0 } city && context.User.FindFirst("city")?.Value == city))));
        return configuration.GetValue("City:Demo", false) ? services.AddHostedService<DemonstrationPhase>() : services;
    }

    /// <summary>Shows the work every city's expressions.</summary>
    public static Task OpenAsync(Work work, CancellationToken cancellationToken) =>
        work.Connection.ExecuteAsync(new CommandDefinition("SELECT set_config('app.helpdesk', 'on', true)", transaction: work.Transaction, cancellationToken: cancellationToken));
}

/// <summary>Demonstrations (<c>City:Demo</c>) have a phase that is open, marked as invented.</summary>
internal sealed class DemonstrationPhase(Database database, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await database.Ready.WaitAsync(stoppingToken);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        await using var work = await database.BeginAsync(null, stoppingToken);
        await using var insert = work.Command(
            "INSERT INTO expression_phase (id, opens, deadline, ends, zone, encouraged_above, demonstration) VALUES ('demonstration', $1, $2, $3, 'Europe/Brussels', 20000, true) ON CONFLICT DO NOTHING",
            today.AddDays(-1), today.AddDays(90), today.AddDays(180));
        await insert.ExecuteNonQueryAsync(stoppingToken);
        await work.CommitAsync(stoppingToken);
    }
}
