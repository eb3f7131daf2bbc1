using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;
using LivingCity.Twin.Models;
using LivingCity.Twin.Models.Contract;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Twin.Register;

/// <summary>The simulation models: what each one is, reads and gives, and whether it meets the published cases that verify it.</summary>
internal static class ModelEndpoints
{
    public static IServiceCollection AddModelRegister(this IServiceCollection services) => services.AddSingleton<VerificationRuns>().AddSingleton<ModelsTold>();

    public static void MapModelRegister(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/models").WithTags("Models");
        group.MapGet("/", () => TypedResults.Ok(ModelCatalogue.All.Select(ModelView.Of))).RequireAuthorization(Access.Public).WithSummary("The simulation models.");
        group.MapGet("/{id}", Results<Ok<ModelView>, ProblemHttpResult> (string id) => ModelCatalogue.Find(id) is { } model ? TypedResults.Ok(ModelView.Of(model)) : NoSuch(id))
            .RequireAuthorization(Access.Public).WithSummary("One model.");
        group.MapPost("/{id}/verification", async Task<Results<Ok<IReadOnlyList<OutcomeView>>, ProblemHttpResult>> (string id, VerificationRuns runs, CancellationToken cancellationToken) =>
            ModelCatalogue.Find(id) is { } model ? TypedResults.Ok(await runs.RunAsync(model, cancellationToken)) : NoSuch(id))
            .RequireAuthorization(Access.Planner).WithSummary("Runs the published cases of a model now, and answers every figure with the published one.");
    }

    private static ProblemHttpResult NoSuch(string id) => Problem.NotFound.Because($"There is no model {id}.");
}

/// <summary>Runs verifications one after the other: each may use the whole machine. The data of the cases that need some lie in <c>Models:VerificationData</c>.</summary>
internal sealed class VerificationRuns(IConfiguration configuration) : IDisposable
{
    private readonly SemaphoreSlim one = new(1);

    public async Task<IReadOnlyList<OutcomeView>> RunAsync(IModel model, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => VerificationSuite.Run(model, configuration["Models:VerificationData"], cancellationToken).Select(OutcomeView.Of).ToArray(), cancellationToken);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();
}
