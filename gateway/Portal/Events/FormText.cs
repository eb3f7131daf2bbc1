using System.Globalization;
using LivingCity.Gateway.Portal.Services;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LivingCity.Gateway.Portal.Events;

/// <summary>Reads the fields of forms, and leads back to their page.</summary>
internal static class FormText
{
    public const string Api = "/api/events/v1";

    /// <summary>The field, without blanks around it; empty where there is none.</summary>
    public static string Text(this IFormCollection form, string name) => form[name].ToString().Trim();

    public static string? Filled(this IFormCollection form, string name) => form.Text(name) is { Length: > 0 } text ? text : null;

    public static int? Number(this IFormCollection form, string name) => int.TryParse(form.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static double? Degrees(this IFormCollection form, string name) => double.TryParse(form.Text(name).Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A local time of a date and a clock field, as services take it.</summary>
    public static string? Moment(this IFormCollection form, string date, string clock) =>
        DateOnly.TryParseExact(form.Text(date), "yyyy-MM-dd", out var day) && TimeOnly.TryParse(form.Text(clock), CultureInfo.InvariantCulture, out var time) ? day.ToDateTime(time).ToString("s", CultureInfo.InvariantCulture) : null;

    /// <summary>The lines of a field that hold something.</summary>
    public static string[] Lines(this IFormCollection form, string name) => form.Text(name).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public static string Escaped(string id) => Uri.EscapeDataString(id);

    /// <summary>Back to a page of this site, which says whether it was done.</summary>
    public static RedirectHttpResult Back(this Outcome outcome, string page, string? fragment = null) =>
        TypedResults.Redirect($"{page}{(page.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{(outcome == Outcome.Done ? "done" : "failed")}=1{(fragment is null ? "" : $"#{fragment}")}");
}
