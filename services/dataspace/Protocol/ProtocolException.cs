using System.Text.Json.Nodes;
using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Mvc;

namespace LivingCity.Dataspace.Protocol;

/// <summary>The error messages of the protocol's three parts.</summary>
internal static class ErrorType
{
    public const string Catalog = "CatalogError";
    public const string Negotiation = "ContractNegotiationError";
    public const string Transfer = "TransferError";
    public const string Versions = "VersionsError";
}

/// <summary>A request that the protocol refuses. It becomes the error message of the endpoint's part of the protocol.</summary>
/// <param name="status">400 for what is wrong with the message or the moment, 404 for what is not there for this caller.</param>
/// <param name="reasons">Why, for a person to read.</param>
internal sealed class ProtocolException(int status, params string[] reasons)
    : ProblemException(new ProblemDetails { Status = status, Title = "The Dataspace Protocol refuses this.", Detail = string.Join(" ", reasons) })
{
    public int Status => status;

    public IReadOnlyList<string> Reasons => reasons;

    /// <summary>The process ids to name in the answer, as far as they are known.</summary>
    public string? ProviderPid { get; init; }

    public string? ConsumerPid { get; init; }

    /// <param name="what">What is not there.</param>
    /// <param name="message">The message that is about it, whose ids the answer repeats.</param>
    public static ProtocolException NotFound(string what, JsonObject? message = null) => new(StatusCodes.Status404NotFound, $"There is no {what} for this caller.")
    {
        ProviderPid = message is null ? null : MessageCheck.Text(message, "providerPid"),
        ConsumerPid = message is null ? null : MessageCheck.Text(message, "consumerPid"),
    };

    public static ProtocolException Invalid(params string[] reasons) => new(StatusCodes.Status400BadRequest, reasons);

    public JsonObject ToMessage(string type)
    {
        var message = type is ErrorType.Negotiation or ErrorType.Transfer
            ? Dsp.Message(type, ("providerPid", ProviderPid ?? ""), ("consumerPid", ConsumerPid ?? ""))
            : Dsp.Message(type);
        message["code"] = $"{status}";
        message["reason"] = Dsp.Reasons(reasons);
        return message;
    }
}
