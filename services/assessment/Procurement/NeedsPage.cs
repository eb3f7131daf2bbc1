using System.Globalization;
using System.Net;
using System.Text;

namespace LivingCity.Assessment.Procurement;

/// <summary>The needs as a page to print. It loads nothing and runs nothing.</summary>
internal static class NeedsPage
{
    private const string Style = """
        @page { size: A4; margin: 18mm 18mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt "DejaVu Sans", sans-serif; color: #4b5f64; } }
        * { box-sizing: border-box; }
        body { margin: 0; color: #12292f; font: 9.5pt/1.45 "Liberation Sans", "DejaVu Sans", sans-serif; -webkit-print-color-adjust: exact; }
        header { margin-bottom: 8mm; padding-left: 5mm; border-left: 1.2mm solid #b4531a; }
        h1 { margin: 0 0 3mm; color: #0d5c63; font: 700 24pt/1.1 "Liberation Serif", "DejaVu Serif", serif; }
        h2 { margin: 9mm 0 2mm; color: #0d5c63; font: 700 14pt/1.2 "Liberation Serif", "DejaVu Serif", serif; break-after: avoid; }
        header p { margin: 0; max-width: 140mm; color: #4b5f64; }
        dl { display: grid; grid-template-columns: 38mm 1fr; margin: 0; padding: 4mm 5mm; border-radius: 2mm; background: #f1ece0; }
        dt { font-weight: 700; } dd { margin: 0; }
        ol { margin: 0; padding: 0; list-style: none; }
        li { display: grid; grid-template-columns: 12mm 1fr; padding: 2mm 0; border-top: .25mm solid #d9d2c1; break-inside: avoid; }
        li > b { color: #b4531a; } p { margin: 0; } small { display: block; margin-top: .6mm; color: #4b5f64; font-size: 7.5pt; }
        """;

    public static string Html(NeedsDocument needs)
    {
        static string Plain(string text) => WebUtility.HtmlEncode(text);
        var html = new StringBuilder($"<!DOCTYPE html><html lang=\"{needs.Language}\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
            + $"<title>{Plain(needs.Title)}</title><style>{Style}</style></head><body><header><h1>{Plain(needs.Title)}</h1><p>{Plain(needs.Introduction)}</p></header><dl>");
        foreach (var fact in needs.Facts)
        {
            html.Append(CultureInfo.InvariantCulture, $"<dt>{Plain(fact.Name)}</dt><dd>{Plain(fact.Value)}</dd>");
        }

        html.Append("</dl>");
        foreach (var (number, part) in needs.Parts.Index())
        {
            html.Append(CultureInfo.InvariantCulture, $"<h2>{number + 1}. {Plain(part.Title)}</h2><ol>");
            foreach (var (index, line) in part.Lines.Index())
            {
                html.Append(CultureInfo.InvariantCulture, $"<li><b>{number + 1}.{index + 1}</b><div><p>{Plain(line.Text)}</p><small>{Plain(NeedsLibrary.Current.Before("follows", needs.Language) + line.Origin)}</small></div></li>");
            }

            html.Append("</ol>");
        }

        return html.Append("</body></html>").ToString();
    }
}
