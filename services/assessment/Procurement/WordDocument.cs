using System.IO.Compression;
using System.Security;
using System.Text;

namespace LivingCity.Assessment.Procurement;

/// <summary>Writes the needs as a word processor's document (Office Open XML, ECMA-376, WordprocessingML): a zip of a few small parts, with real headings, tables with header rows and page numbers.</summary>
internal static class WordDocument
{
    private const string Main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string PackageRelations = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string WordType = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    private const string Accent = "0D5C63";

    public static byte[] Write(NeedsDocument needs)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "[Content_Types].xml", $"""
                <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{WordType}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="{WordType}.styles+xml"/><Override PartName="/word/footer.xml" ContentType="{WordType}.footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>
                """);
            Add(zip, "_rels/.rels", $"""
                <Relationships xmlns="{PackageRelations}"><Relationship Id="r1" Type="{Relations}/officeDocument" Target="word/document.xml"/><Relationship Id="r2" Type="{PackageRelations}/metadata/core-properties" Target="docProps/core.xml"/></Relationships>
                """);
            Add(zip, "word/_rels/document.xml.rels", $"""
                <Relationships xmlns="{PackageRelations}"><Relationship Id="r1" Type="{Relations}/styles" Target="styles.xml"/><Relationship Id="r2" Type="{Relations}/footer" Target="footer.xml"/></Relationships>
                """);
            Add(zip, "docProps/core.xml", $"""
                <cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{SecurityElement.Escape(needs.Title)}</dc:title><dc:language>{needs.Language}</dc:language></cp:coreProperties>
                """);
            Add(zip, "word/styles.xml", Styles(needs.Language));
            Add(zip, "word/footer.xml", $"""
                <w:ftr xmlns:w="{Main}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:r><w:t xml:space="preserve">{SecurityElement.Escape(NeedsLibrary.Current.Label("page", needs.Language))} </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>
                """);
            Add(zip, "word/document.xml", Body(needs));
        }

        return memory.ToArray();
    }

    private static string Body(NeedsDocument needs)
    {
        var body = new StringBuilder($"<w:document xmlns:w=\"{Main}\" xmlns:r=\"{Relations}\"><w:body>");
        body.Append(Paragraph("Title", needs.Title)).Append(Paragraph(null, needs.Introduction));
        Table(body, [2600, 7038], needs.Facts.Select(fact => new[] { Paragraph("Cell", fact.Name, "<w:b/>"), Paragraph("Cell", fact.Value) }));
        foreach (var (number, part) in needs.Parts.Index())
        {
            body.Append(Paragraph("Heading1", $"{number + 1}. {part.Title}"));
            Table(body, [900, 8738], part.Lines.Select((line, index) => new[]
            {
                Paragraph("Cell", $"{number + 1}.{index + 1}", $"<w:b/><w:color w:val=\"{Accent}\"/>"),
                Paragraph("Cell", line.Text) + Paragraph("Origin", NeedsLibrary.Current.Before("follows", needs.Language) + line.Origin),
            }));
        }

        // A4 in twentieths of a point.
        return body.Append("<w:sectPr><w:footerReference w:type=\"default\" r:id=\"r2\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1134\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1134\" w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>").ToString();
    }

    /// <param name="body">Takes the table.</param>
    /// <param name="widths">Of the columns, in twentieths of a point.</param>
    /// <param name="rows">Paragraphs by cell.</param>
    private static void Table(StringBuilder body, int[] widths, IEnumerable<string[]> rows)
    {
        body.Append("<w:tbl><w:tblPr><w:tblW w:w=\"").Append(widths.Sum()).Append("\" w:type=\"dxa\"/><w:tblBorders><w:top w:val=\"single\" w:sz=\"4\" w:color=\"C9C2B1\"/><w:bottom w:val=\"single\" w:sz=\"4\" w:color=\"C9C2B1\"/>"
            + "<w:insideH w:val=\"single\" w:sz=\"4\" w:color=\"C9C2B1\"/></w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>")
            .Append(string.Concat(widths.Select(width => $"<w:gridCol w:w=\"{width}\"/>"))).Append("</w:tblGrid>");
        foreach (var row in rows)
        {
            body.Append("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            foreach (var (width, cell) in widths.Zip(row))
            {
                body.Append($"<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/></w:tcPr>{cell}</w:tc>");
            }

            body.Append("</w:tr>");
        }

        body.Append("</w:tbl>");
    }

    private static string Paragraph(string? style, string text, string run = "") =>
        $"<w:p>{(style is null ? "" : $"<w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>")}<w:r>{(run.Length == 0 ? "" : $"<w:rPr>{run}</w:rPr>")}<w:t xml:space=\"preserve\">{SecurityElement.Escape(text)}</w:t></w:r></w:p>";

    private static string Styles(string language)
    {
        static string Style(string id, string name, string run, string paragraph) =>
            $"<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>";
        return $"<w:styles xmlns:w=\"{Main}\"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:cs=\"Calibri\"/><w:sz w:val=\"21\"/><w:lang w:val=\"{language}\"/></w:rPr></w:rPrDefault>"
            + "<w:pPrDefault><w:pPr><w:spacing w:after=\"160\"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>"
            + Style("Title", "Title", $"<w:b/><w:color w:val=\"{Accent}\"/><w:sz w:val=\"48\"/>", "<w:pBdr><w:left w:val=\"single\" w:sz=\"36\" w:space=\"10\" w:color=\"B4531A\"/></w:pBdr><w:spacing w:after=\"240\"/><w:ind w:left=\"240\"/>")
            + Style("Heading1", "heading 1", $"<w:b/><w:color w:val=\"{Accent}\"/><w:sz w:val=\"28\"/>", "<w:keepNext/><w:spacing w:before=\"400\" w:after=\"120\"/><w:outlineLvl w:val=\"0\"/>")
            + Style("Cell", "Cell", "", "<w:spacing w:before=\"60\" w:after=\"60\"/>")
            + Style("Origin", "Origin", "<w:color w:val=\"555555\"/><w:sz w:val=\"17\"/>", "<w:spacing w:after=\"80\"/>")
            + Style("Footer", "footer", "<w:color w:val=\"555555\"/><w:sz w:val=\"17\"/>", "<w:jc w:val=\"right\"/>") + "</w:styles>";
    }

    private static void Add(ZipArchive zip, string name, string xml)
    {
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" + xml));
    }
}
