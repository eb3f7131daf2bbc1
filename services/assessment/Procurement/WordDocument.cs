using System.IO.Compression;
using System.Security;
using System.Text;

namespace LivingCity.Assessment.Procurement;

/// <summary>Writes the needs as a word processor's document (Office Open XML, ECMA-376, WordprocessingML): a zip of a few small parts, with real headings.</summary>
internal static class WordDocument
{
    private const string Main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    public static byte[] Write(NeedsDocument needs)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "[Content_Types].xml", """
                <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>
                """);
            Add(zip, "_rels/.rels", """
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>
                """);
            Add(zip, "word/_rels/document.xml.rels", """
                <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>
                """);
            Add(zip, "word/styles.xml", Styles(needs.Language));
            Add(zip, "word/document.xml", Body(needs));
        }

        return memory.ToArray();
    }

    private static string Body(NeedsDocument needs)
    {
        var body = new StringBuilder($"<w:document xmlns:w=\"{Main}\"><w:body>");
        Paragraph(body, "Title", needs.Title);
        Paragraph(body, null, needs.Introduction);
        foreach (var part in needs.Parts)
        {
            Paragraph(body, "Heading1", part.Title);
            foreach (var line in part.Lines)
            {
                Paragraph(body, null, line.Text);
                Paragraph(body, "Origin", $"{NeedsLibrary.Current.Label("follows", needs.Language)}: {line.Origin}");
            }
        }

        // A4 in twentieths of a point.
        return body.Append("<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>").ToString();
    }

    private static void Paragraph(StringBuilder body, string? style, string text) => body.Append("<w:p>").Append(style is null ? "" : $"<w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>")
        .Append("<w:r><w:t xml:space=\"preserve\">").Append(SecurityElement.Escape(text)).Append("</w:t></w:r></w:p>");

    private static string Styles(string language)
    {
        static string Style(string id, string name, string run, string paragraph = "") =>
            $"<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>";
        return $"<w:styles xmlns:w=\"{Main}\"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:cs=\"Calibri\"/><w:sz w:val=\"22\"/><w:lang w:val=\"{language}\"/></w:rPr></w:rPrDefault>"
            + "<w:pPrDefault><w:pPr><w:spacing w:after=\"120\"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>"
            + Style("Title", "Title", "<w:b/><w:sz w:val=\"40\"/>") + Style("Heading1", "heading 1", "<w:b/><w:sz w:val=\"28\"/>", "<w:keepNext/><w:spacing w:before=\"360\"/><w:outlineLvl w:val=\"0\"/>")
            + Style("Origin", "Origin", "<w:i/><w:color w:val=\"555555\"/><w:sz w:val=\"18\"/>", "<w:ind w:left=\"284\"/>") + "</w:styles>";
    }

    private static void Add(ZipArchive zip, string name, string xml)
    {
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + xml));
    }
}
