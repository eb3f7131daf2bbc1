using LivingCity.Dataspace.Catalogue;
using LivingCity.Dataspace.Transfer;
using LivingCity.ServiceDefaults.Data;
using LivingCity.ServiceDefaults.Errors;

namespace LivingCity.Dataspace.DataPlane;

/// <summary>Lets a request to the data plane through, with the headers that the policy wants.</summary>
internal sealed class DataGate(UsageMeter meter)
{
    private const string Scheme = "Bearer ";
    private const int MaxToken = 200;

    public async Task<(Admission? Admitted, IResult? Refusal)> AdmitAsync(HttpContext http, string transfer, string what, CancellationToken cancellationToken)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || header.Length > MaxToken || header[Scheme.Length..].Split('.') is not [{ Length: > 0 } tenant, { Length: > 0 }])
        {
            return (null, DataEndpoints.NoToken.Because("Send the token of the transfer's data address as a bearer token."));
        }

        var admission = await meter.AdmitAsync(new UsageRequest(tenant, transfer, TransferSteps.Sha256(header[Scheme.Length..]), what), cancellationToken);
        if (admission.Status != StatusCodes.Status200OK)
        {
            return (null, admission.Status switch
            {
                StatusCodes.Status403Forbidden => DataEndpoints.Refused.Because(admission.Reason),
                StatusCodes.Status429TooManyRequests => DataEndpoints.TooFast.Because(admission.Reason),
                // Whether there is such a transfer is nobody's business without its token.
                _ => DataEndpoints.NoToken.Because("The token does not open this."),
            });
        }

        if (admission.Decision!.MustAttribute)
        {
            http.Response.Headers["Attribution"] = $"{admission.Transfer!.DatasetId} by {admission.Transfer.Tenant}";
        }

        if (admission.Decision.DeleteAfter is { } period)
        {
            http.Response.Headers["Delete-After"] = System.Xml.XmlConvert.ToString(period);
        }

        http.Response.Headers.CacheControl = "no-store";
        return (admission, null);
    }

    public async Task<DatasetRow?> DatasetAsync(Database database, TransferRow transfer, CancellationToken cancellationToken)
    {
        if (datasets.TryGetValue(transfer.DatasetId, out var known))
        {
            return known;
        }

        await using var work = await database.BeginAsync(null, cancellationToken);
        var row = await work.FindDatasetAsync(transfer.DatasetId, cancellationToken);
        if (row is not null && datasets.Count < 10_000)
        {
            datasets[transfer.DatasetId] = row; // of a dataset only its type of entity is asked for here, and that never changes
        }

        return row;
    }

    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, DatasetRow> datasets = new();
}
