using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.Ingestion.Errors;

/// <summary>The errors of NGSI-LD (ETSI GS CIM 009, clause 5.5.2) with the statuses of clause 6.3.2.</summary>
internal sealed class NgsiLdException : ProblemException
{
    private NgsiLdException(string type, int status, string title, string detail)
        : base(new ProblemDetails { Type = $"https://uri.etsi.org/ngsi-ld/errors/{type}", Status = status, Title = title, Detail = detail })
    {
    }

    public static NgsiLdException BadRequestData(string detail) => new("BadRequestData", 400, "The request does not meet the requirements of the operation.", detail);

    public static NgsiLdException InvalidRequest(string detail) => new("InvalidRequest", 400, "The request is syntactically invalid or has a wrong content.", detail);

    public static NgsiLdException AlreadyExists(string detail) => new("AlreadyExists", 409, "The referred element already exists.", detail);

    public static NgsiLdException Conflict(string detail) => new("Conflict", 409, "The operation conflicts with the current state of the system.", detail);

    public static NgsiLdException ResourceNotFound(string detail) => new("ResourceNotFound", 404, "The resource was not found.", detail);

    public static NgsiLdException OperationNotSupported(string detail) => new("OperationNotSupported", 422, "The operation is not supported.", detail);

    public static NgsiLdException TooComplexQuery(string detail) => new("TooComplexQuery", 403, "The query is too complex.", detail);

    public static NgsiLdException TooManyResults(string detail) => new("TooManyResults", 403, "The query would give too many results.", detail);

    public static NgsiLdException NonexistentTenant(string tenant) => new("NonexistentTenant", 404, "The tenant does not exist.", $"There is no tenant {tenant} for this caller.");

    public static NgsiLdException LdContextNotAvailable(string detail) => new("LdContextNotAvailable", 504, "A remote JSON-LD @context could not be resolved.", detail);

    /// <summary>What stands in the way before the operation is looked at (clause 6.3.4): media types and lengths.</summary>
    public static NgsiLdException Refused(int status, string detail) => new("InvalidRequest", status, "The request cannot be handled in this form.", detail);
}
