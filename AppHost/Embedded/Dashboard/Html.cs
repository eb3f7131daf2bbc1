using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace LivingCity.AppHost.Embedded;

/// <summary>Markup. Text that is put into it is encoded, so nothing a service logs can become markup.</summary>
internal readonly record struct Html(string Markup)
{
    public static Html Of(HtmlHandler handler) => new(handler.Text.ToString());

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(part => part.Markup)));
}

[InterpolatedStringHandler]
internal readonly ref struct HtmlHandler(int literalLength, int formattedCount)
{
    public StringBuilder Text { get; } = new(literalLength + (formattedCount * 32));

    public void AppendLiteral(string markup) => Text.Append(markup);

    public void AppendFormatted(Html markup) => Text.Append(markup.Markup);

    public void AppendFormatted(string? text) => Text.Append(WebUtility.HtmlEncode(text));

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => Text.Append(WebUtility.HtmlEncode(value.ToString(format, System.Globalization.CultureInfo.InvariantCulture)));
}
