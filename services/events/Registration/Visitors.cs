using System.Security.Cryptography;
using System.Text;
using LivingCity.Events.Notifications;
using LivingCity.Events.Programme;
using LivingCity.ServiceDefaults.Errors;
using LivingCity.ServiceDefaults.Security;

namespace LivingCity.Events.Registration;

/// <summary>Who asks, as token and request say.</summary>
internal static class Visitors
{
    public static Visitor Of(HttpContext context, Caller caller) => new(
        caller.Subject, caller.RequiredCity, "member", caller.Name, context.User.FindFirst("email")?.Value, LanguageOf(context.Request));

    /// <summary>The first of the reader's languages that notices are written in.</summary>
    public static string LanguageOf(HttpRequest request) => ProgrammeJson.Preferred(request).FirstOrDefault(NoticeTexts.Languages.Contains) ?? Text.Fallback;

    /// <exception cref="ProblemException">The key is too long (400).</exception>
    public static RequestKey? KeyOf(HttpRequest request, Caller caller, string what)
    {
        var key = request.Headers["Idempotency-Key"].ToString();
        new Validation().Rule(key.Length <= 200, "Idempotency-Key", "must not be longer than 200 characters").ThrowIfInvalid();
        return key.Length == 0 ? null : new RequestKey($"{caller.Client} {caller.Subject}", key, SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path} {what}")));
    }
}
