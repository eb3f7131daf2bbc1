using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using LivingCity.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace LivingCity.ServiceDefaults.Web;

/// <summary>Cursor paging: the cursor holds the sort key of the last row seen, so pages neither skip nor repeat when rows come and go.</summary>
/// <typeparam name="TKey">The sort key of a row.</typeparam>
/// <param name="Limit">Rows per page, 1 to 1000.</param>
/// <param name="After">The key of the last row of the page before, or default on the first page.</param>
public sealed record PageRequest<TKey>(int Limit, TKey? After)
{
    /// <summary>Names the next page in the <c>Link</c> header (RFC 8288) when this one is full.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rows">The rows of this page, one more than <see cref="Limit"/> asked for to know whether more follow.</param>
    /// <param name="key">The sort key of a row.</param>
    public IReadOnlyList<TRow> Take<TRow>(HttpContext context, IReadOnlyList<TRow> rows, Func<TRow, TKey> key)
    {
        if (rows.Count <= Limit)
        {
            return rows;
        }

        Link(context, "next", Cursor(key(rows[Limit - 1])));
        return [.. rows.Take(Limit)];
    }

    /// <summary>Names the page before in the <c>Link</c> header, for protocols that want it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="before">The key after which the page before begins, or default when it is the first.</param>
    public void LinkPrevious(HttpContext context, TKey? before) => Link(context, "previous", before is null ? null : Cursor(before));

    private static string Cursor(TKey key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(key)));

    private static void Link(HttpContext context, string relation, string? cursor)
    {
        var query = context.Request.Query.Where(parameter => parameter.Key != "cursor").SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, value));
        context.Response.Headers.Append("Link", $"<{QueryHelpers.AddQueryString(context.Request.Path, cursor is null ? query : query.Append(KeyValuePair.Create("cursor", (string?)cursor)))}>; rel=\"{relation}\"");
    }
}

/// <summary>Reads page requests.</summary>
public static class PageRequest
{
    /// <summary>Reads the query parameters <c>limit</c> and <c>cursor</c>.</summary>
    /// <exception cref="ProblemException">One of them is not valid (400).</exception>
    public static PageRequest<TKey> From<TKey>(int? limit, string? cursor)
    {
        var after = default(TKey);
        var readable = cursor is null;
        if (cursor is not null)
        {
            try
            {
                after = JsonSerializer.Deserialize<TKey>(Base64Url.DecodeFromChars(cursor));
                readable = true;
            }
            catch (Exception exception) when (exception is FormatException or JsonException)
            {
            }
        }

        new Validation()
            .Rule(limit is null or (>= 1 and <= 1000), "limit", "must be from 1 to 1000")
            .Rule(readable, "cursor", "is not one that this service gave")
            .ThrowIfInvalid();
        return new PageRequest<TKey>(limit ?? 100, after);
    }
}
