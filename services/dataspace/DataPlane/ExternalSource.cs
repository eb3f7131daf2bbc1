using LivingCity.Dataspace.Agreements;
using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Policies;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Http;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>
/// Datasets that are kept elsewhere, fetched past the guard for addresses that users supply and handed on as they are. A policy that lets out only some rows or attributes cannot be kept with a
/// file of any kind: then nothing is handed out.
/// </summary>
internal sealed class ExternalSource(IHttpClientFactory clients, AddressGuard guard, Database database)
{
    public async Task<IResult> PullAsync(Admission admitted, DatasetRow dataset, string url, HttpContext http)
    {
        var stop = http.RequestAborted;
        if (admitted.Decision!.Grants.All(grant => grant.Form != Form.AsIs) || await FiltersAsync(admitted, stop))
        {
            return DataEndpoints.Refused.Because("The policy lets out only part of the data, and this dataset can only be had whole.");
        }

        if (guard.Check(url) is { } objection)
        {
            return DataEndpoints.NoSource.Because($"The dataset's address {objection}.");
        }

        try
        {
            using var client = clients.CreateClient(OutgoingHttpExtensions.Guarded);
            using var answer = await client.GetAsync(new Uri(url), stop);
            if (!answer.IsSuccessStatusCode)
            {
                return DataEndpoints.NoSource.Because($"The place where the dataset is kept answers with {(int)answer.StatusCode}.");
            }

            // Never shown as a page of ours, whatever it is.
            http.Response.Headers.ContentDisposition = "attachment";
            return TypedResults.Bytes(await answer.Content.ReadAsByteArrayAsync(stop), dataset.MediaType);
        }
        catch (Exception exception) when (exception is HttpRequestException or Polly.ExecutionRejectedException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return DataEndpoints.NoSource.Because(exception.Message);
        }
    }

    private async Task<bool> FiltersAsync(Admission admitted, CancellationToken cancellationToken)
    {
        await using var work = await database.BeginAsync(admitted.Transfer!.Tenant, cancellationToken);
        return await work.FindAgreementAsync(admitted.Transfer.AgreementId, cancellationToken) is not { } agreement || PolicyTerms.FiltersRows(PolicyJson.Read(agreement.Policy));
    }
}
